//! The release bundle: Rust → wasm → wasm-bindgen → wasm-opt → esbuild → terser → `dist/`.
//!
//! `dist/worker` is the Worker as it is deployed, `dist/assets` what visitors download. Files whose name
//! holds a fingerprint never change; `widget.js` is the one address pages know. The loader learns the
//! fingerprint by `--define`; a part's entry finds wasm-bindgen's glue under the name `laifang:bindgen`, and
//! under `laifang:start` what starts it: as WebAssembly, or as the plain JavaScript that wasm2js makes of it.

use crate::process::{run, step};
use crate::toolchain::{self, Kind, Toolchain};
use crate::{console, node, package, project, release, shipped, sizes, stamp};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// Everything the bundle is made from.
const INPUTS: &[&str] = &[
    "tally",
    "edge",
    "widget",
    "www",
    "xtask/src",
    "xtask/package",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
];

/// A script or wasm of the widget: what its published name begins and ends with, and where it was built.
pub type Asset = (&'static str, &'static str, PathBuf);

/// What every part of the widget is bundled with.
const PART: &[&str] = &["--bundle", "--format=iife", "--target=es2017"];

/// Builds `dist/` if anything it is made from has changed. It is replaced only once all of it is there, so
/// whatever serves from it, or a build that fails, finds it whole.
pub fn build() -> Result<PathBuf> {
    node::set_up()?;
    let dist = project::path("dist");
    let roots: Vec<PathBuf> = INPUTS.iter().map(|input| project::path(input)).collect();
    let inputs = stamp::of_files(&stamp::files_below(&roots)?)?;
    stamp::unless_fresh(&dist.join(".stamp"), &inputs, || {
        let made = project::path("target/dist-made");
        let replaced = project::path("target/dist-replaced");
        build_all(&made)?;
        remove(&replaced)?;
        if dist.exists() {
            fs::rename(&dist, &replaced)?;
        }
        fs::rename(&made, &dist)?;
        remove(&replaced)
    })?;
    Ok(dist)
}

/// Builds, prints the sizes, and fails over budget.
pub fn build_and_measure() -> Result<()> {
    build()?;
    sizes::check()?;
    package::pack().map(|_| ())
}

fn build_all(dist: &Path) -> Result<()> {
    let tools = toolchain::find()?;
    let work = project::path("target/bundle");
    remove(dist)?;
    remove(&work)?;
    let assets = dist.join("assets");
    fs::create_dir_all(metafiles())?;
    copy_folder(&project::path("www"), &assets)?;
    console::bundle(&assets)?;
    step("building the widget (with its own std)");
    let tables = share_tables(&work)?;
    let mut made = widget_part(&tools, &work, "widget", "laifang-widget", "widget/src/entry.js")?;
    made.extend(widget_part(&tools, &work, "share", "laifang-share", "widget/share/page/entry.js")?);
    // The same with and without WebAssembly, under the two names the loader gives its parts.
    made.extend(["js", "plain.js"].map(|ending| ("networks", ending, tables.clone())));
    let places = script_part("widget/places/page/entry.js", &work.join("places.js"))?;
    made.extend(["js", "plain.js"].map(|ending| ("places", ending, places.clone())));
    made.extend(widget_part(&tools, &work, "switch", "laifang-switch", "widget/switch/src/entry.js")?);
    let fingerprint = publish(&made, &assets)?;
    loader(&assets.join("widget.js"), &fingerprint, None)?;
    release::pin(dist, &fingerprint, &made)?;
    step("building the Worker");
    worker(&tools, &work, dist, "--strip-debug")?;
    package::assemble(dist)?;
    package::add_notices(dist, &metafiles(), &tools.version()?)?;
    shipped::check(&assets)
}

/// Where esbuild tells what it read, a file for each script.
fn metafiles() -> PathBuf {
    project::path("target/bundle/meta")
}

/// Has esbuild tell what it reads.
pub fn metafile(name: &str) -> String {
    format!("--metafile={}", metafiles().join(name).with_extension("json").display())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

fn widget_part(
    tools: &Toolchain,
    work: &Path,
    name: &'static str,
    package: &str,
    entry: &str,
) -> Result<Vec<Asset>> {
    let built = tools.build(package, Kind::Widget, false)?;
    let glue = glue(&built, work.join(name), false)?;
    let wasm = glue.join("index.wasm");
    optimise(
        &glue.join("index_bg.wasm"),
        &wasm,
        // Laid flat and put together again, loops come out shorter.
        &[
            "-Oz",
            "--flatten",
            "--rereloop",
            "-O4",
            "-Oz",
            "--reorder-functions",
            "--reorder-locals",
            // The lowest kilobyte is the end of a stack of 64 KB, of which little is ever used.
            "--low-memory-unused",
            "--strip-debug",
            "--strip-producers",
            "--mvp-features",
        ],
    )?;
    run(node::tool("wasm2js")
        .args(["-Oz", "--mvp-features"])
        .arg(&wasm)
        .arg("-o")
        .arg(glue.join("wasm.js")))?;
    let bundle = |start: &str, file: &str| -> Result<PathBuf> {
        let start = project::path("widget/src/module").join(start);
        let js = glue.join(file);
        run(browser_script(entry, &js)
            .args(PART)
            .arg(format!("--alias:laifang:start={}", start.display()))
            .arg(format!("--alias:laifang:bindgen={}", glue.join("index_bg.js").display()))
            .arg(format!("--alias:laifang:translated={}", glue.join("wasm.js").display()))
            .arg(table(work, "base"))
            .arg(version()))?;
        shorten(&js, 2017)?;
        Ok(js)
    };
    Ok(vec![
        (name, "js", bundle("wasm.js", "bundle.js")?),
        (name, "wasm", wasm),
        (name, "plain.js", bundle("plain.js", "plain.js")?),
    ])
}

/// What wasm-bindgen exports for glue that outlives a panic; the widget's parts have none.
const UNUSED: &[&str] = &["__abort_handler", "__instance_terminated"];

/// What wasm-bindgen makes of a built wasm: `index_bg.wasm` and `index_bg.js`, in the folder that is returned. `keeps_state`: with
/// `UNUSED`.
fn glue(built: &Path, folder: PathBuf, keeps_state: bool) -> Result<PathBuf> {
    let mut output = Bindgen::new()
        .input_path(built)
        .out_name("index")
        .typescript(false)
        .bundler(true)
        .and_then(|bindgen| bindgen.generate_output())
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    if !keeps_state {
        for name in UNUSED {
            // Not there is as good as gone.
            let _ = output.wasm_mut().exports.remove(name);
        }
    }
    output.emit(&folder).map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    Ok(folder)
}

fn version() -> String {
    format!("--define:__LAIFANG_VERSION__=\"{}\"", env!("CARGO_PKG_VERSION"))
}

/// Where the share box finds one of its data modules.
fn table(work: &Path, name: &str) -> String {
    format!("--alias:laifang:{name}={}", work.join("tables").join(name).with_extension("js").display())
}

/// Makes the share box's data modules, and the script that brings what its default set lacks.
fn share_tables(work: &Path) -> Result<PathBuf> {
    let folder = work.join("tables");
    fs::create_dir_all(&folder)?;
    run(node::node().current_dir(project::root()).arg("widget/share/tables.mjs").arg(&folder))?;
    let more = folder.join("bundle.js");
    run(browser_script("widget/share/page/more.js", &more).args(PART).arg(table(work, "more")))?;
    shorten(&more, 2017)?;
    Ok(more)
}

/// A part without WebAssembly.
fn script_part(entry: &str, made: &Path) -> Result<PathBuf> {
    run(browser_script(entry, made).args(PART))?;
    shorten(made, 2017)?;
    Ok(made.to_owned())
}

/// A file that pages name. It knows the others by their common fingerprint, and by their hashes where it is a release's own.
pub fn loader(made: &Path, fingerprint: &str, integrity: Option<&str>) -> Result<()> {
    let integrity = integrity.map_or_else(|| "null".to_owned(), |hashes| format!("\"{hashes}\""));
    // One file and a function already: bundling would wrap it once more.
    run(browser_script("widget/src/loader.js", made)
        .arg("--target=es5")
        .arg(format!("--define:__LAIFANG_FINGERPRINT__=\"-{fingerprint}.\""))
        .arg(format!("--define:__LAIFANG_INTEGRITY__={integrity}")))?;
    shorten(made, 5)
}

/// esbuild, to make a minified script of ASCII for the widget.
fn browser_script(entry: &str, made: &Path) -> Command {
    let mut esbuild = node::tool("esbuild");
    esbuild
        .arg(project::path(entry))
        .args(["--minify", "--charset=ascii", "--log-level=warning"])
        .arg(metafile(&entry.replace(['/', '.'], "-")))
        .arg(format!("--outfile={}", made.display()));
    esbuild
}

/// Minifies a script once more, in place: terser finds 3 to 5 % that esbuild leaves. `edition` is the ECMAScript
/// it may use.
fn shorten(script: &Path, edition: u16) -> Result<()> {
    run(node::tool("terser")
        .arg(script)
        .args(["--compress", "passes=4", "--mangle", "--format", "ascii_only"])
        .arg("--ecma")
        .arg(edition.to_string())
        .arg("--output")
        .arg(script))
}

/// The Worker as it is deployed, but that its functions keep their names; returns the folder.
pub fn named_worker() -> Result<PathBuf> {
    node::set_up()?;
    let work = project::path("target/named");
    remove(&work)?;
    let dist = work.join("dist");
    worker(&toolchain::find()?, &work, &dist, "--debuginfo")?;
    Ok(dist)
}

/// The Worker and what it is bound to. `names` tells wasm-opt what becomes of the functions' names.
fn worker(tools: &Toolchain, work: &Path, dist: &Path, names: &str) -> Result<()> {
    fs::create_dir_all(dist.join("worker"))?;
    fs::create_dir_all(work.join("meta"))?;
    fs::copy(project::path("edge/wrangler.json"), dist.join("wrangler.json"))?;
    let built = tools.build("laifang-edge", Kind::Edge, false)?;
    let glue = glue(&built, work.join("edge"), true)?;
    let features = [
        "-O2",
        names,
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
    ];
    optimise(&glue.join("index_bg.wasm"), &dist.join("worker/index.wasm"), &features)?;
    run(node::tool("esbuild")
        .arg(project::path("edge/src/entry.js"))
        .args([
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--log-level=warning",
            "--external:./index.wasm",
        ])
        .args(["--external:cloudflare:*"])
        .arg(format!("--metafile={}", work.join("meta/worker.json").display()))
        .arg(format!("--alias:laifang:bindgen={}", glue.join("index_bg.js").display()))
        .arg(format!("--outfile={}", dist.join("worker/index.js").display())))
}

fn optimise(from: &Path, to: &Path, flags: &[&str]) -> Result<()> {
    run(node::tool("wasm-opt").args(flags).arg(from).arg("-o").arg(to))
}

/// Copies files to the assets under names that hold the fingerprint of them all, and returns it. One for all is
/// shorter in the loader; a release changes most of them anyway.
fn publish(made: &[Asset], assets: &Path) -> Result<String> {
    let mut all = Vec::new();
    for (.., file) in made {
        all.extend(fs::read(file).with_context(|| format!("{} is missing", file.display()))?);
    }
    let fingerprint = stamp::of_bytes(&all)[..10].to_owned();
    for (name, extension, file) in made {
        fs::copy(file, assets.join(format!("{name}-{fingerprint}.{extension}")))?;
    }
    Ok(fingerprint)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
