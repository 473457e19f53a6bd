//! The release bundle: Rust → wasm → wasm-bindgen → wasm-opt → esbuild → `dist/`.
//!
//! `dist/worker` is the Worker as it is deployed, `dist/assets` what visitors download. Files whose name
//! holds a fingerprint never change; `widget.js` is the one address pages know. The loader learns the
//! names by `--define`; a part's entry finds wasm-bindgen's glue under the name `laifang:bindgen`.

use crate::process::{run, step};
use crate::toolchain::{self, Kind, Toolchain};
use crate::{node, project, stamp};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Everything the bundle is made from.
const INPUTS: &[&str] =
    &["tally", "edge", "widget", "www", "xtask/src", "Cargo.toml", "Cargo.lock", "package-lock.json"];

/// A part of the widget, as files in `dist/assets`: for browsers with WebAssembly, and for those without.
struct Part {
    js: String,
    wasm: String,
    plain: String,
}

/// What every script a browser runs is bundled with.
const BROWSER_SCRIPT: &[&str] =
    &["--bundle", "--minify", "--charset=ascii", "--format=iife", "--log-level=warning"];

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

fn build_all(dist: &Path) -> Result<()> {
    let tools = toolchain::find()?;
    let work = project::path("target/bundle");
    remove(dist)?;
    remove(&work)?;
    let assets = dist.join("assets");
    fs::create_dir_all(dist.join("worker"))?;
    fs::create_dir_all(&work)?;
    copy_folder(&project::path("www"), &assets)?;
    step("building the widget (with its own std)");
    let tables = share_tables(&work, &assets)?;
    let counter =
        widget_part(&tools, &work, &assets, "widget", "laifang-widget", "widget/src/entry.js", &[])?;
    let share =
        widget_part(&tools, &work, &assets, "share", "laifang-share", "widget/share/page/entry.js", &tables)?;
    loader(&work, &assets, &counter, &share)?;
    step("building the Worker");
    worker(&tools, &work, dist)?;
    fs::copy(project::path("edge/wrangler.json"), dist.join("wrangler.json"))?;
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

fn widget_part(
    tools: &Toolchain,
    work: &Path,
    assets: &Path,
    name: &str,
    package: &str,
    entry: &str,
    modules: &[String],
) -> Result<Part> {
    let built = tools.build(package, Kind::Widget, false)?;
    let glue = work.join(name);
    Bindgen::new()
        .input_path(built)
        .out_name("index")
        .typescript(false)
        .remove_producers_section(true)
        .bundler(true)
        .and_then(|bindgen| bindgen.generate(&glue))
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    let wasm = glue.join("index.wasm");
    optimise(
        &glue.join("index_bg.wasm"),
        &wasm,
        &["-Oz", "--strip-debug", "--strip-producers", "--mvp-features"],
    )?;
    run(node::tool("wasm2js")
        .args(["-Oz", "--mvp-features"])
        .arg(&wasm)
        .arg("-o")
        .arg(glue.join("wasm.js")))?;
    let bundle = |start: &str, file: &str| -> Result<PathBuf> {
        let js = glue.join(file);
        run(node::tool("esbuild")
            .arg(project::path(entry))
            .args(BROWSER_SCRIPT)
            .arg("--target=es2017")
            .arg(format!(
                "--alias:laifang:start={}",
                project::path("widget/src/module").join(start).display()
            ))
            .arg(format!("--alias:laifang:bindgen={}", glue.join("index_bg.js").display()))
            .arg(format!("--alias:laifang:translated={}", glue.join("wasm.js").display()))
            .args(modules)
            .arg(format!("--outfile={}", js.display())))?;
        Ok(js)
    };
    Ok(Part {
        js: publish(&bundle("wasm.js", "bundle.js")?, assets, name, "js")?,
        wasm: publish(&wasm, assets, name, "wasm")?,
        plain: publish(&bundle("plain.js", "plain.js")?, assets, name, "plain.js")?,
    })
}

/// Makes the share box's data modules and the script that brings what the default set lacks. What the box's
/// own script is bundled with: the modules, and that script's name.
fn share_tables(work: &Path, assets: &Path) -> Result<Vec<String>> {
    let folder = work.join("tables");
    fs::create_dir_all(&folder)?;
    run(node::node().current_dir(project::root()).arg("widget/share/tables.mjs").arg(&folder))?;
    let module =
        |name: &str| format!("--alias:laifang:{name}={}", folder.join(name).with_extension("js").display());
    let more = folder.join("bundle.js");
    run(node::tool("esbuild")
        .arg(project::path("widget/share/page/more.js"))
        .args(BROWSER_SCRIPT)
        .arg("--target=es2017")
        .args([module("more"), format!("--outfile={}", more.display())]))?;
    let name = publish(&more, assets, "networks", "js")?;
    Ok(vec![module("base"), format!("--define:__LAIFANG_MORE_JS__=\"{name}\"")])
}

fn loader(work: &Path, assets: &Path, counter: &Part, share: &Part) -> Result<()> {
    let switch = work.join("switch.js");
    run(node::tool("esbuild")
        .arg(project::path("widget/src/switch.js"))
        .args(BROWSER_SCRIPT)
        .arg("--target=es2017")
        .arg(format!("--outfile={}", switch.display())))?;
    let switch = publish(&switch, assets, "switch", "js")?;
    let mut esbuild = node::tool("esbuild");
    esbuild.arg(project::path("widget/src/loader.js")).args(BROWSER_SCRIPT).arg("--target=es5");
    for (name, value) in [
        ("WIDGET_JS", &counter.js),
        ("WIDGET_WASM", &counter.wasm),
        ("WIDGET_PLAIN", &counter.plain),
        ("SHARE_JS", &share.js),
        ("SHARE_WASM", &share.wasm),
        ("SHARE_PLAIN", &share.plain),
        ("SWITCH_JS", &switch),
        ("VERSION", &env!("CARGO_PKG_VERSION").to_owned()),
    ] {
        esbuild.arg(format!("--define:__LAIFANG_{name}__=\"{value}\""));
    }
    run(esbuild.arg(format!("--outfile={}", assets.join("widget.js").display())))
}

fn worker(tools: &Toolchain, work: &Path, dist: &Path) -> Result<()> {
    let built = tools.build("laifang-edge", Kind::Edge, false)?;
    let glue = work.join("edge");
    Bindgen::new()
        .input_path(built)
        .out_name("index")
        .typescript(false)
        .bundler(true)
        .and_then(|bindgen| bindgen.generate(&glue))
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    let features = [
        "-O2",
        "--strip-debug",
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
        .arg(format!("--alias:laifang:bindgen={}", glue.join("index_bg.js").display()))
        .arg(format!("--outfile={}", dist.join("worker/index.js").display())))
}

fn optimise(from: &Path, to: &Path, flags: &[&str]) -> Result<()> {
    run(node::tool("wasm-opt").args(flags).arg(from).arg("-o").arg(to))
}

/// Copies a file to the assets under a name that holds its fingerprint.
fn publish(file: &Path, assets: &Path, name: &str, extension: &str) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("{} is missing", file.display()))?;
    let name = format!("{name}-{}.{extension}", stamp::of_bytes(&bytes));
    fs::write(assets.join(&name), bytes)?;
    Ok(name)
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
