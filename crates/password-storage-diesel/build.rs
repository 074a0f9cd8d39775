//! Builds anew where a migration changed: they are embedded by a macro, which cargo cannot see into.
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
