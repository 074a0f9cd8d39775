//! The password server: see `server --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::main()
}
