# What a developer types every day. CI runs .ci/run, which is the same and more.

# The demo: everything embedded, nothing to configure.
demo:
    cargo run --release

# All tests.
test:
    cargo nextest run --workspace
    cargo test --workspace --doc

# What CI refuses, before CI does.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    cargo deny check bans licenses sources
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Accept changed snapshots of mails and envelopes after a look at each.
snapshots:
    cargo insta review
