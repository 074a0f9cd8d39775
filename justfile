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

# Where the tests look for the accessibility checker. It is never committed.
axe:
    npm install --prefix target/axe --no-save --no-audit --no-fund --ignore-scripts axe-core@4.14.1

# The pages in a real browser: Debian's packages chromium and chromium-driver, and axe.
browser: axe
    cargo build -p server
    cargo nextest run -p acceptance --test browser

# Takes the pictures of docs/screenshots again; fonts of every script: fonts-noto-core, fonts-noto-cjk. Look at each.
screenshots:
    cargo build -p server
    SCREENSHOTS=1 cargo nextest run -p acceptance --test browser every_page_has_its_picture
