//! The table of routes: each address, what it takes, and who may ask.
//!
//! The same addresses and methods are in `openapi.json`; a test below holds the two together. Out of scope:
//! what a route does.

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Count a view.
    Hits,
    /// Count a share.
    Shares,
    /// Published counts.
    Counts,
    /// A badge.
    CounterSvg,
    /// A view, counted by a picture.
    HitSvg,
    /// Whether the Worker runs.
    Health,
    /// This API.
    OpenApi,
    /// Whose view the owner's request would be.
    Visitor,
    /// The owner's sites.
    Sites,
    /// One of them.
    Site,
    /// Brought back from KV.
    Restore,
    /// Its history.
    Stats,
    /// Its numbers, taken away.
    Export,
    /// Numbers brought in.
    Import,
    /// Addresses that lead to others.
    Moves,
    /// Pages that a rule made one.
    Merges,
}

/// An address and what it takes.
#[derive(Debug)]
pub struct Entry {
    /// The path; `{site}` stands for one part of it.
    pub path: &'static str,
    /// The methods, `HEAD` (with `GET`) and `OPTIONS` aside.
    pub methods: &'static [&'static str],
    /// Whether it is the owner's.
    pub is_owners: bool,
    /// What it is.
    pub route: Route,
}

const fn public(path: &'static str, methods: &'static [&'static str], route: Route) -> Entry {
    Entry { path, methods, is_owners: false, route }
}

const fn owners(path: &'static str, methods: &'static [&'static str], route: Route) -> Entry {
    Entry { path, methods, is_owners: true, route }
}

/// All routes.
pub const ROUTES: &[Entry] = &[
    public("/v1/hits", &["POST"], Route::Hits),
    public("/v1/shares", &["POST"], Route::Shares),
    public("/v1/counts", &["GET"], Route::Counts),
    public("/v1/counter.svg", &["GET"], Route::CounterSvg),
    public("/v1/hit.svg", &["GET"], Route::HitSvg),
    public("/v1/health", &["GET"], Route::Health),
    public("/openapi.json", &["GET"], Route::OpenApi),
    owners("/v1/visitor", &["GET"], Route::Visitor),
    owners("/v1/sites", &["GET"], Route::Sites),
    owners("/v1/sites/{site}", &["GET", "PUT", "DELETE"], Route::Site),
    owners("/v1/sites/{site}/restore", &["POST"], Route::Restore),
    owners("/v1/sites/{site}/stats", &["GET"], Route::Stats),
    owners("/v1/sites/{site}/export", &["GET"], Route::Export),
    owners("/v1/sites/{site}/import", &["POST"], Route::Import),
    owners("/v1/sites/{site}/moves", &["GET", "POST"], Route::Moves),
    owners("/v1/sites/{site}/merges", &["GET", "POST"], Route::Merges),
];

impl Entry {
    /// Whether a request with this method is one for the route; `HEAD` goes with `GET`.
    pub fn takes(&self, method: &str) -> bool {
        let method = if method == "HEAD" { "GET" } else { method };
        self.methods.contains(&method)
    }

    /// The value of `Allow`.
    pub fn allowed(&self) -> String {
        let mut allowed: Vec<&str> = Vec::new();
        for method in self.methods {
            allowed.push(method);
            if *method == "GET" {
                allowed.push("HEAD");
            }
        }
        allowed.push("OPTIONS");
        allowed.join(", ")
    }
}

/// The route of a path, and the site it names.
pub fn find(path: &str) -> Option<(&'static Entry, &str)> {
    ROUTES.iter().find_map(|entry| site_in(entry.path, path).map(|site| (entry, site)))
}

/// What of `path` stands for `{site}`, if it is such a path at all.
fn site_in<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once("{site}") else {
        return (pattern == path).then_some("");
    };
    let site = path.strip_prefix(before)?.strip_suffix(after)?;
    (!site.is_empty() && !site.contains('/')).then_some(site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_path_is_found_with_its_site() {
        let found = |path| find(path).map(|(entry, site)| (entry.route, site));
        assert_eq!(found("/v1/hits"), Some((Route::Hits, "")));
        assert_eq!(found("/v1/sites"), Some((Route::Sites, "")));
        assert_eq!(found("/v1/sites/a.cn"), Some((Route::Site, "a.cn")));
        assert_eq!(found("/v1/sites/a.cn/stats"), Some((Route::Stats, "a.cn")));
        for path in
            ["/", "/v1/sites/", "/v1/sites//stats", "/v1/sites/a/b", "/v1/sites/a/stats/", "/v1/hits/"]
        {
            assert_eq!(found(path), None, "{path}");
        }
    }

    #[test]
    fn what_a_route_takes_is_told() {
        let (site, _) = find("/v1/sites/a").unwrap();
        assert_eq!(site.allowed(), "GET, HEAD, PUT, DELETE, OPTIONS");
        assert!(site.takes("HEAD") && site.takes("PUT") && !site.takes("POST") && !site.takes("OPTIONS"));
        assert_eq!(find("/v1/hits").unwrap().0.allowed(), "POST, OPTIONS");
    }

    #[test]
    fn the_openapi_document_has_these_routes_and_no_others() {
        let document: serde_json::Value = serde_json::from_str(crate::OPENAPI).unwrap();
        let methods = ["get", "put", "post", "delete", "patch"];
        let mut documented = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys().filter(|key| methods.contains(&key.as_str())) {
                let is_owners =
                    item[method]["security"].as_array().is_some_and(|security| !security.is_empty());
                documented.insert((path.clone(), method.to_uppercase(), is_owners));
            }
        }
        let of = |entry: &'static Entry| {
            entry.methods.iter().map(|method| (entry.path.to_owned(), (*method).to_owned(), entry.is_owners))
        };
        assert_eq!(documented, ROUTES.iter().flat_map(of).collect());
    }

    #[test]
    fn the_openapi_document_is_of_this_version() {
        let document: serde_json::Value = serde_json::from_str(crate::OPENAPI).unwrap();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
