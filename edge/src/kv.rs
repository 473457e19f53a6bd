//! The published counts in KV: one binding, one reader, one writer.

use std::future::Future;
use worker::{Env, Result, kv::KvStore};

/// How long the edge may serve a document it has read, in seconds; KV allows no less.
const CACHE_SECONDS: u64 = 30;

/// The namespace.
pub fn store(env: &Env) -> Result<KvStore> {
    env.kv("COUNTS")
}

/// A document, as fresh as KV serves it.
pub async fn get(env: &Env, key: &str) -> Result<Option<String>> {
    Ok(store(env)?.get(key).cache_ttl(CACHE_SECONDS).text().await?)
}

/// The names of all keys that begin with `prefix`.
pub async fn names(env: &Env, prefix: &str) -> Result<Vec<String>> {
    let (mut names, mut cursor) = (Vec::new(), None);
    loop {
        let list = store(env)?.list().prefix(prefix.to_owned());
        let list = match cursor.take() {
            Some(cursor) => list.cursor(cursor),
            None => list,
        };
        let page = list.execute().await?;
        names.extend(page.keys.into_iter().map(|key| key.name));
        cursor = page.cursor.filter(|_| !page.list_complete);
        if cursor.is_none() {
            return Ok(names);
        }
    }
}

/// Begins to write a document. The write goes on whether or not its end is awaited.
pub fn put(env: &Env, key: &str, body: &str) -> Result<impl Future<Output = Result<()>> + use<>> {
    let put = store(env)?.put(key, body)?;
    Ok(async move { Ok(put.execute().await?) })
}
