//! A Rust compiler with the source of its standard library, and the wasm builds made with it.
//!
//! The widget needs a `std` of its own (MVP instructions, no panic messages) to meet its budget, so both
//! wasm builds compile it with `-Zbuild-std`. rustup has the source as the component `rust-src`, Debian as
//! the package `rust-web-src`. `RUSTC_BOOTSTRAP=1` lets a stable compiler take the flag. Panic messages name source files: the
//! folders of this machine are left out of them, so that another makes the same bytes.

use crate::process::{run, step, succeeds_within};
use crate::{debian, process, project};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The compiler that makes the wasm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    linker: Option<&'static str>,
}

/// One of the two kinds of wasm we build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Runs in visitors' browsers.
    Widget,
    /// Runs in the Worker.
    Edge,
}

const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-22", "gcc", "libc6-dev"];
const DEBIAN_LINKER: &str = "wasm-ld-22";

/// Finds a compiler, or installs one: rustup's source, then Debian's packages.
pub fn find() -> Result<Toolchain> {
    if let Some(found) = on_path().or_else(of_debian) {
        return Ok(found);
    }
    if process::exists("rustup") {
        step("the source of Rust's standard library is missing; rustup component add rust-src");
        let mut add = clean("rustup");
        if succeeds_within(add.args(["component", "add", "rust-src"]), Duration::from_secs(120))
            && let Some(found) = on_path()
        {
            return Ok(found);
        }
        step("rustup could not fetch it; taking Debian's compiler for the wasm builds");
    }
    debian::install("A Rust compiler with its standard library's source", DEBIAN_PACKAGES)?;
    of_debian().ok_or_else(|| anyhow::anyhow!("Debian's rustc-web is installed but its source was not found"))
}

fn on_path() -> Option<Toolchain> {
    let output = clean("rustc").args(["--print", "sysroot"]).output().ok()?;
    let sysroot = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    has_source(&sysroot).then(|| Toolchain { cargo: "cargo".into(), rustc: "rustc".into(), linker: None })
}

fn of_debian() -> Option<Toolchain> {
    let linker = Path::new("/usr/bin").join(DEBIAN_LINKER);
    let complete = has_source(Path::new("/usr")) && linker.exists() && Path::new("/usr/bin/cargo").exists();
    complete.then(|| Toolchain {
        cargo: "/usr/bin/cargo".into(),
        rustc: "/usr/bin/rustc".into(),
        linker: Some(DEBIAN_LINKER),
    })
}

fn has_source(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std/src/lib.rs").exists()
}

/// A command without what cargo and rustup tell the programs they start about themselves.
pub fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_ours = text.starts_with("CARGO") && text != "CARGO_HOME";
        if is_ours
            || text.starts_with("RUSTC")
            || matches!(&*text, "RUSTFLAGS" | "RUSTUP_TOOLCHAIN" | "RUST_RECURSION_COUNT")
        {
            command.env_remove(&name);
        }
    }
    command
}

fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    ensure!(output.status.success(), "{name} failed ({})", output.status);
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn remap(folder: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", folder.display())
}

impl Kind {
    fn flags(self) -> &'static [&'static str] {
        match self {
            // Instructions every browser since 2017 has, and which wasm2js understands. Loops are left as they were
            // written: what LLVM makes of them is faster by little and larger by a twentieth. A stack of 64 KB and not of 1 MB: a page
            // has less memory to give, and addresses of data are a byte shorter.
            Self::Widget => &[
                "-Ctarget-cpu=mvp",
                "-Zunstable-options",
                "-Cpanic=immediate-abort",
                "-Cllvm-args=-disable-lsr",
                // Small functions are shorter in their places.
                "-Cllvm-args=-inline-threshold=40",
                "-Clink-arg=-z",
                "-Clink-arg=stack-size=65536",
            ],
            Self::Edge => &[],
        }
    }

    /// What `std` is compiled with. Small sorts are slow ones: a site that wakes sorts all its pages and visitors.
    fn std_features(self) -> &'static str {
        match self {
            Self::Widget => "-Zbuild-std-features=optimize_for_size",
            Self::Edge => "-Zbuild-std-features=",
        }
    }

    fn profile(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Edge => "edge",
        }
    }
}

impl Toolchain {
    /// The compiler, as it names itself.
    pub fn version(&self) -> Result<String> {
        output(clean(&self.rustc).arg("--version"))
    }

    /// Flags that put names in the place of this machine's folders.
    fn remapped(&self) -> Result<[String; 3]> {
        let sysroot = output(clean(&self.rustc).args(["--print", "sysroot"]))?;
        let home = std::env::home_dir().unwrap_or_default();
        let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        Ok([
            remap(&Path::new(&sysroot).join("lib/rustlib/src/rust"), "/rust"),
            remap(&cargo_home, "/cargo"),
            remap(&project::root(), "/laifang"),
        ])
    }

    /// Builds a package to wasm and returns the file. `strict` makes warnings errors.
    pub fn build(&self, package: &str, kind: Kind, strict: bool) -> Result<PathBuf> {
        let target = project::path("target").join(format!("wasm-{}", kind.profile()));
        let mut flags: Vec<String> = kind.flags().iter().map(|flag| (*flag).to_owned()).collect();
        flags.extend(self.remapped()?);
        let mut cargo = clean(&self.cargo);
        cargo
            .current_dir(project::root())
            .args(["build", "--quiet", "--locked", "--package", package, "--profile", kind.profile()])
            .args(["--target", "wasm32-unknown-unknown", "-Zbuild-std=std,panic_abort", kind.std_features()])
            .env("RUSTC", &self.rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
            .env("CARGO_TARGET_DIR", &target);
        if strict {
            // Not a flag of the compiler's: that would be another build.
            cargo.args(["-Zwarnings", "--config", "build.warnings=\"deny\""]);
        }
        if let Some(linker) = self.linker {
            cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        run(&mut cargo)?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        Ok(target.join("wasm32-unknown-unknown").join(kind.profile()).join(file))
    }
}
