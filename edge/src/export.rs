//! `GET /v1/sites/{site}/export`: a site as a file, sent piece by piece as its reader takes it.

use crate::platform;
use crate::reply;
use crate::site_store::Failure;
use futures_util::stream;
use laifang_tally::site::Site;
use worker::{Error, Headers, Response, ResponseBuilder, Result};

/// The file of a site that is awake, as it stands at this moment.
pub fn file(name: &str, site: &Site) -> std::result::Result<Response, Failure> {
    let exported_at = platform::rfc_3339(platform::now_ms());
    let pieces = site.export(name, &exported_at)?;
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, Error>));
    Ok(ResponseBuilder::new().with_headers(headers(name)?).from_stream(pieces)?)
}

/// Its headers alone.
pub fn head(name: &str) -> Result<Response> {
    Ok(ResponseBuilder::new().with_headers(headers(name)?).empty())
}

fn headers(name: &str) -> Result<Headers> {
    let headers = reply::public_headers("application/x-ndjson")?;
    headers.set("Content-Disposition", &format!("attachment; filename=\"{name}.ndjson\""))?;
    Ok(headers)
}
