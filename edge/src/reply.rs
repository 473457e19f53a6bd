//! Replies of the public routes: JSON, problem documents (RFC 9457), CORS.

use crate::site_store::Failure;
use laifang_tally::ceiling::{Excess, Refused as Ceiling};
use laifang_tally::guesses::MIN_TOKEN_BYTES;
use laifang_tally::import::{BadLine, Refused};
use laifang_tally::journal::FormatError;
use laifang_tally::moves::{MAX_MOVES, MAX_MOVES_BYTES, Refused as Unmoved};
use laifang_tally::pages::MAX_KEYS_BYTES;
use laifang_tally::request::Refusal;
use laifang_tally::site::MAX_VISITORS_A_DAY;
use serde::Serialize;
use std::cell::RefCell;
use worker::web_sys::{self, ResponseInit};
use worker::{Headers, Response, ResponseBuilder, Result};

/// A refusal or failure, as the client sees it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "about:blank")]
pub struct Problem {
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: String,
    /// The line of the file that the problem is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// Whether what is stored of the site can't be read, so that its owner has to decide.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    damaged: bool,
    #[serde(skip)]
    header: Option<(&'static str, String)>,
}

impl Problem {
    fn new(status: u16, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { title, status, code, detail: detail.into(), line: None, damaged: false, header: None }
    }

    /// 404.
    pub fn not_found(path: &str) -> Self {
        Self::new(404, "not-found", "Not Found", format!("There is nothing at {path}. See /openapi.json."))
    }

    /// 405.
    pub fn method_not_allowed(allowed: &str) -> Self {
        let problem = Self::new(
            405,
            "method-not-allowed",
            "Method Not Allowed",
            format!("This route takes {allowed}."),
        );
        Self { header: Some(("Allow", allowed.to_owned())), ..problem }
    }

    /// 413.
    pub fn too_large() -> Self {
        Self::new(413, "too-large", "Content Too Large", "The body may have 8 KiB.")
    }

    /// 413, of an import.
    pub fn too_large_file() -> Self {
        let detail = "A file may have 100 MB. Split it: a table of counts can be imported in several parts.";
        Self::new(413, "too-large", "Content Too Large", detail)
    }

    /// 413, of moves.
    pub fn too_large_moves() -> Self {
        Self::new(413, "too-large", "Content Too Large", "The body may have 2 MB. Send it in several parts.")
    }

    /// A table of moves that is not applied.
    pub fn refused_moves(refused: &Unmoved) -> Self {
        match refused {
            Unmoved::Line(bad) => {
                let detail = format!("Line {}: {} Nothing was moved.", bad.line, bad.reason);
                Self { line: Some(bad.line), ..Self::new(400, "bad-line", "Bad Request", detail) }
            }
            Unmoved::TooManyMoves { moves, bytes } => Self::conflict(
                "too-many-moves",
                format!(
                    "{moves} addresses would lead to others, {bytes} bytes together; a site keeps {MAX_MOVES}, of {MAX_MOVES_BYTES} bytes together. Nothing was moved."
                ),
            ),
            Unmoved::NamesTooLong => Self::conflict(
                "names-too-long",
                "The addresses of the site's pages would be too long together. Nothing was moved.",
            ),
        }
    }

    /// 400: a body that did not come whole.
    pub fn broken_off() -> Self {
        let detail = "The file did not arrive whole. Nothing was imported; send it again.";
        Self::new(400, "bad-request", "Bad Request", detail)
    }

    /// 400: a file that can't be read.
    pub fn bad_line(bad: &BadLine) -> Self {
        let detail = format!("Line {}: {} Nothing was imported.", bad.line, bad.reason);
        Self { line: Some(bad.line), ..Self::new(400, "bad-line", "Bad Request", detail) }
    }

    fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(409, code, "Conflict", detail)
    }

    /// 409: a file that doesn't fit what is counted.
    pub fn refused_import(refused: &Refused, max_pages: usize) -> Self {
        match refused {
            Refused::NotEmpty => Self::conflict(
                "not-empty",
                "An export restores an empty site, and this one has counted already. With replace=1 it takes the place of what is counted. Nothing was imported.",
            ),
            Refused::LowerStart { line, reason } => {
                let detail = format!(
                    "Line {line}: {reason} Take the line out, give a larger number, or send lower=keep to pass over such numbers. Nothing was imported."
                );
                Self { line: Some(*line), ..Self::conflict("lower-start", detail) }
            }
            Refused::TooManyPages { pages } => Self::conflict(
                "too-many-pages",
                format!(
                    "The site would have {pages} pages or more, past what MAX_PAGES allows ({max_pages}). Nothing was imported."
                ),
            ),
            Refused::TooLongNames => Self::conflict(
                "names-too-long",
                format!(
                    "The addresses of the site's pages would be longer than {} MB together. Leave out pages with long addresses and few views. Nothing was imported.",
                    MAX_KEYS_BYTES / 1_000_000
                ),
            ),
        }
    }

    /// 409: the site that an import was meant for is not the one it would land in.
    pub fn reset_meanwhile() -> Self {
        let detail = "The site was reset or restored while the file was read. Nothing was imported; send it again if it is still wanted.";
        Self::conflict("reset-meanwhile", detail)
    }

    /// 429, from the site's own ceilings.
    pub fn too_many(refused: &Ceiling) -> Self {
        let detail = match refused.excess {
            Excess::Hits => "This address sends more hits a minute than HITS_PER_MINUTE allows.",
            Excess::NewVisitors => {
                "This address brings more new visitors an hour than HITS_PER_MINUTE allows."
            }
            Excess::NewPages => "This address brings more new pages an hour than HITS_PER_MINUTE allows.",
        };
        Self::wait(refused.wait_ms.div_ceil(1000), detail)
    }

    /// 429, where a pattern in `SITES` would let strangers begin more sites than a day may have.
    pub fn too_many_sites(wait_ms: u64) -> Self {
        let detail = "Too many new sites began today. Its owner can write this one out in SITES.";
        Self::wait(wait_ms.div_ceil(1000), detail)
    }

    /// 429, from the platform's limit in front.
    pub fn flood() -> Self {
        Self::wait(60, "This address sends more than the deployment's rate limit allows.")
    }

    fn wait(retry_after_seconds: u64, reason: &str) -> Self {
        let detail = format!("{reason} Nothing was counted; try again later.");
        let problem = Self::new(429, "too-many-requests", "Too Many Requests", detail);
        Self { header: Some(("Retry-After", retry_after_seconds.to_string())), ..problem }
    }

    /// 429, after wrong tokens.
    pub fn too_many_guesses(wait_ms: u64) -> Self {
        let detail = "This address has sent too many wrong tokens. No token of its is looked at for now; try again later.";
        let problem = Self::new(429, "too-many-requests", "Too Many Requests", detail);
        Self { header: Some(("Retry-After", wait_ms.div_ceil(1000).to_string())), ..problem }
    }

    /// 404: there is a token, but anybody could guess it.
    pub fn short_token() -> Self {
        let detail = format!(
            "The deployment's ADMIN_TOKEN is too short, so there are no owner's routes. Set one of {MIN_TOKEN_BYTES} characters or more."
        );
        Self::new(404, "not-found", "Not Found", detail)
    }

    /// 401.
    pub fn unauthorized() -> Self {
        let detail = "Send the header Authorization: Bearer, followed by the deployment's ADMIN_TOKEN.";
        let problem = Self::new(401, "unauthorized", "Unauthorized", detail);
        Self { header: Some(("WWW-Authenticate", "Bearer".to_owned())), ..problem }
    }

    /// 400 for a time zone nobody knows.
    pub fn unknown_zone(name: &str) -> Self {
        let detail = format!("{name} is not a time zone the runtime knows. Name one such as Asia/Shanghai.");
        Self::from(Refusal::Bad(detail))
    }

    /// 503: nothing was counted, or it was and the retry will say so.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let problem = Self::new(503, "unavailable", "Service Unavailable", detail);
        Self { header: Some(("Retry-After", "2".to_owned())), ..problem }
    }

    /// 503: the site remembers as many visitors today as it can.
    pub fn day_full(wait_ms: u64) -> Self {
        let detail = format!(
            "This site has had {MAX_VISITORS_A_DAY} visitors today, as many as its counter can remember; new ones are counted again from midnight."
        );
        let header = Some(("Retry-After", wait_ms.div_ceil(1000).max(1).to_string()));
        Self { header, ..Self::new(503, "unavailable", "Service Unavailable", detail) }
    }

    /// 503: what is stored of a site can't be read. Nothing is counted until its owner decides.
    fn damaged() -> Self {
        let detail = "What is stored of the site is damaged. Its owner can restore it from KV (POST /v1/sites/{site}/restore) or begin at zero (DELETE).";
        Self { damaged: true, ..Self::unavailable(detail) }
    }

    /// Whether what is stored can't be read.
    pub fn is_damage(&self) -> bool {
        self.damaged
    }

    /// 409: there is nothing to restore.
    pub fn not_damaged() -> Self {
        let detail = "The site's counts can be read, so nothing was restored. They hold everything that KV has, and more.";
        Self::conflict("not-damaged", detail)
    }

    /// 409: there is nothing to restore from.
    pub fn not_published() -> Self {
        let detail = "KV holds nothing of the site, so it can't be restored. DELETE begins at zero; an export can be imported then.";
        Self::conflict("not-published", detail)
    }

    /// As a response.
    pub fn into_response(self) -> Result<Response> {
        let headers = public_headers("application/problem+json")?;
        if let Some((name, value)) = &self.header {
            headers.set(name, value)?;
        }
        let body = serde_json::to_string(&self)?;
        Ok(ResponseBuilder::new().with_status(self.status).with_headers(headers).fixed(body.into_bytes()))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Bad(detail) => Self::new(400, "bad-request", "Bad Request", detail),
            Refusal::Forbidden(detail) => Self::new(403, "site-not-allowed", "Forbidden", detail),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Platform(error) => Self::from(error),
            Failure::Stored(error) => {
                worker::console_error!("the site's storage: {error}");
                match error {
                    FormatError::Damaged => Self::damaged(),
                    FormatError::UnknownVersion => Self::unavailable(
                        "The site's counts are stored by a newer release of Laifang. Nothing is lost: deploy that release again.",
                    ),
                }
            }
            Failure::JournalFull => {
                worker::console_error!(
                    "the journal is full and no checkpoint can be written: hits are refused"
                );
                Self::unavailable(
                    "The site's counter can't store a checkpoint, so it refuses hits rather than lose any. Its owner finds the reason in the Worker's log.",
                )
            }
            Failure::Zone(error) => {
                worker::console_error!("TIME_ZONE: {error:?}");
                Self::unavailable(
                    "TIME_ZONE is not a time zone the runtime knows. Its owner must name one such as Asia/Shanghai.",
                )
            }
        }
    }
}

impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        worker::console_error!("{error}");
        Self::unavailable("The counter is not reachable. A retry with the same id is safe.")
    }
}

/// A JSON body that must not be cached.
pub fn json(body: &impl Serialize) -> Result<Response> {
    json_cached(body, "no-store")
}

thread_local! {
    /// Status and headers of every hit's answer.
    static COUNTED: RefCell<Option<ResponseInit>> = const { RefCell::new(None) };
}

/// The same in one step, for the answers that there are most of.
pub fn counted(body: &impl Serialize) -> Result<web_sys::Response> {
    let body = serde_json::to_string(body)?;
    let made = |init: &ResponseInit| web_sys::Response::new_with_opt_str_and_init(Some(&body), init);
    COUNTED.with_borrow_mut(|shared| match shared {
        Some(init) => Ok(made(init)?),
        None => {
            let headers = public_headers("application/json")?;
            Ok(made(shared.insert(ResponseBuilder::new().with_headers(headers).into()))?)
        }
    })
}

/// For the owner alone: no page of another origin may read it.
pub fn for_owner(response: Response) -> Result<Response> {
    let headers = Headers::new();
    let allows_others = |name: &str| name.eq_ignore_ascii_case("Access-Control-Allow-Origin");
    for (name, value) in response.headers().entries().filter(|(name, _)| !allows_others(name)) {
        headers.set(&name, &value)?;
    }
    Ok(response.with_headers(headers))
}

/// A JSON body with its `Cache-Control`.
pub fn json_cached(body: &impl Serialize, cache_control: &str) -> Result<Response> {
    let headers = public_headers("application/json")?;
    headers.set("Cache-Control", cache_control)?;
    Ok(ResponseBuilder::new().with_headers(headers).fixed(serde_json::to_vec(body)?))
}

/// `GET /v1/health`.
pub fn health() -> Result<Response> {
    #[derive(Serialize)]
    struct Health {
        status: &'static str,
        version: &'static str,
    }
    json(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// `GET /openapi.json`.
pub fn openapi(document: &'static str) -> Result<Response> {
    let headers = public_headers("application/json")?;
    headers.set("Cache-Control", "public, max-age=300")?;
    Ok(ResponseBuilder::new().with_headers(headers).fixed(document.as_bytes().to_vec()))
}

/// The answer to `OPTIONS` at an owner's route: no page of another origin may go on.
pub fn options(allowed: &str) -> Result<Response> {
    let headers = Headers::new();
    headers.set("Allow", allowed)?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}

/// The answer to `OPTIONS` at a public route: any request header may be sent. Those asked for are named, as
/// older browsers do not know `*`.
pub fn preflight(allowed: &str, asked_headers: Option<&str>) -> Result<Response> {
    let response = options(allowed)?;
    let headers = response.headers();
    headers.set("Access-Control-Allow-Origin", "*")?;
    headers.set("Access-Control-Allow-Methods", allowed)?;
    headers.set("Access-Control-Allow-Headers", asked_headers.unwrap_or("*"))?;
    headers.set("Vary", "Access-Control-Request-Headers")?;
    headers.set("Access-Control-Max-Age", "86400")?;
    Ok(response)
}

/// The same response without its body, for `HEAD`.
pub fn without_body(response: Response) -> Result<Response> {
    let headers = Headers::new();
    for (name, value) in response.headers() {
        headers.set(&name, &value)?;
    }
    Ok(ResponseBuilder::new().with_status(response.status_code()).with_headers(headers).empty())
}

/// Headers of every public reply.
pub fn public_headers(content_type: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("Content-Type", content_type)?;
    headers.set("Access-Control-Allow-Origin", "*")?;
    headers.set("X-Content-Type-Options", "nosniff")?;
    headers.set("Cache-Control", "no-store")?;
    Ok(headers)
}
