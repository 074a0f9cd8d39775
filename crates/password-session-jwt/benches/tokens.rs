//! What a token costs before anything is looked up: minting, digesting, signing, reading.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::time::Duration;

use divan::{Bencher, black_box};
use password_domain::account::{AccountId, Realm};
use password_domain::credential::CredentialVersion;
use password_domain::ports::{AccessClaims, AccessTokenKind, AccessTokens as _, TokenSource as _};
use password_domain::time::Timestamp;
use password_domain::token::{Token, TokenForm, TokenPurpose};
use password_session_jwt::{JwtAccessTokens, JwtConfig, KeyedTokens};
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const TEXT: &str = "22eac1c27af4be7b9d04da2ce1af111b22eac1c27af4be7b9d04da2ce1af111b";

fn main() {
    divan::main();
}

fn access_tokens(current: u8, previous: &[u8]) -> JwtAccessTokens {
    JwtAccessTokens::new(JwtConfig {
        current: Zeroizing::new([current; 32]),
        previous: previous.iter().map(|&byte| Zeroizing::new([byte; 32])).collect(),
        issuer: "https://accounts.example.org".to_owned(),
    })
}

fn claims() -> AccessClaims {
    AccessClaims {
        kind: AccessTokenKind::Access,
        realm: Realm::member(),
        account: AccountId::from(42),
        version: CredentialVersion::from_stored(7),
        session: Token::new(TEXT),
        issued_at: NOW,
        expires_at: NOW.plus(Duration::from_secs(900)),
    }
}

fn issued() -> Token {
    access_tokens(1, &[]).issue(&claims()).unwrap()
}

#[divan::bench]
fn jwt_issue(bencher: Bencher<'_, '_>) {
    let (tokens, claims) = (access_tokens(1, &[]), claims());
    bencher.bench_local(|| tokens.issue(black_box(&claims)).unwrap());
}

#[divan::bench]
fn jwt_read(bencher: Bencher<'_, '_>) {
    let (tokens, issued) = (access_tokens(1, &[]), issued());
    bencher.bench_local(|| tokens.read(black_box(issued.expose()), NOW).unwrap());
}

/// A token that an earlier secret signed.
#[divan::bench]
fn jwt_read_by_the_previous_key(bencher: Bencher<'_, '_>) {
    let (tokens, issued) = (access_tokens(2, &[1]), issued());
    bencher.bench_local(|| tokens.read(black_box(issued.expose()), NOW).unwrap());
}

#[divan::bench]
fn jwt_read_forged(bencher: Bencher<'_, '_>) {
    let (tokens, issued) = (access_tokens(2, &[]), issued());
    bencher.bench_local(|| assert!(tokens.read(black_box(issued.expose()), NOW).is_none()));
}

/// The longest text that is not refused by its length alone.
#[divan::bench]
fn jwt_read_4096_bytes(bencher: Bencher<'_, '_>) {
    let (tokens, issued) = (access_tokens(1, &[]), issued());
    let (head, signature) = issued.expose().rsplit_once('.').unwrap();
    let long = format!("{head}{}.{signature}", "A".repeat(4_096 - issued.expose().len()));
    bencher.bench_local(|| assert!(tokens.read(black_box(&long), NOW).is_none()));
}

#[divan::bench(args = [TokenForm::Hash, TokenForm::Key])]
fn mint(bencher: Bencher<'_, '_>, form: TokenForm) {
    let tokens = KeyedTokens::new([1; 32], vec![]);
    bencher.bench_local(|| tokens.mint(form).unwrap());
}

/// Under the current secret, and under one and two earlier ones beside it.
#[divan::bench(args = [0, 1, 2])]
fn digests(bencher: Bencher<'_, '_>, previous: u8) {
    let tokens = KeyedTokens::new([0; 32], (1..=previous).map(|byte| Zeroizing::new([byte; 32])).collect());
    bencher.bench_local(|| tokens.digests(TokenPurpose::Session, black_box(TEXT)));
}
