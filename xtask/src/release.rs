//! The address that does not move: `/v/VERSION/widget.js`, whose hash a tag may carry.
//!
//! The loader there names the hash of each part, so that the one in the tag covers everything that runs. The parts
//! themselves are those of `widget.js`, named by their fingerprint. `release.json` tells the hash to whoever installs, and
//! `builder/release.js` to the snippet builder. Out of scope: keeping earlier releases (`edge/cli/published_assets.mjs`).

use crate::bundle::{self, Asset};
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha384};
use std::fs;
use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes this release's own loader and tells its hash.
pub fn pin(dist: &Path, fingerprint: &str, parts: &[Asset]) -> Result<()> {
    let assets = dist.join("assets");
    let folder = assets.join("v").join(VERSION);
    fs::create_dir_all(&folder)?;
    let made = folder.join("widget.js");
    bundle::loader(&made, fingerprint, Some(&hashes(parts)?))?;
    let integrity = integrity(&fs::read(&made)?);
    let path = format!("/v/{VERSION}/widget.js");
    let told = json!({ "version": VERSION, "path": path, "integrity": integrity });
    fs::write(dist.join("release.json"), format!("{told:#}\n"))?;
    let module = format!("// Made by the build.\nexport const RELEASE = {told:#};\n");
    Ok(fs::write(assets.join("builder/release.js"), module)?)
}

/// `part.ending=hash` of each part, as the loader reads it.
fn hashes(parts: &[Asset]) -> Result<String> {
    let each = parts.iter().map(|(name, ending, file)| {
        let hash = integrity(&fs::read(file)?);
        Ok(format!("{name}.{ending}={hash}"))
    });
    Ok(each.collect::<Result<Vec<_>>>()?.join(" "))
}

/// What the attribute `integrity` holds for these bytes.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_the_one_browsers_compute() {
        let expected = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
        assert_eq!(super::integrity(b"alert('Hello, world.');"), expected);
    }
}
