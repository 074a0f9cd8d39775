//! Access tokens: what is read, and everything that is not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use password_domain::account::{AccountId, Realm};
use password_domain::credential::CredentialVersion;
use password_domain::ports::{AccessClaims, AccessTokenKind, AccessTokens as _};
use password_domain::time::Timestamp;
use password_domain::token::Token;
use password_session_jwt::{JwtAccessTokens, JwtConfig};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const SID: &str = "22eac1c27af4be7b9d04da2ce1af111b22eac1c27af4be7b9d04da2ce1af111b";

fn tokens(current: u8, previous: &[u8], issuer: &str) -> JwtAccessTokens {
    JwtAccessTokens::new(JwtConfig {
        current: Zeroizing::new([current; 32]),
        previous: previous.iter().map(|&byte| Zeroizing::new([byte; 32])).collect(),
        issuer: issuer.to_owned(),
    })
}

fn ours() -> JwtAccessTokens {
    tokens(1, &[], "https://accounts.example.org")
}

fn claims() -> AccessClaims {
    AccessClaims {
        kind: AccessTokenKind::Access,
        realm: Realm::member(),
        account: AccountId::from(42),
        version: CredentialVersion::from_stored(7),
        session: Token::new(SID),
        issued_at: NOW,
        expires_at: NOW.plus(Duration::from_secs(300)),
    }
}

/// What our own token says, for a forger to start from.
fn wire() -> Value {
    json!({
        "iss": "https://accounts.example.org", "sub": "42", "realm": "member", "typ": "access", "ver": 7, "sid": SID,
        "iat": 1_800_000_000, "exp": 1_800_000_300,
    })
}

/// Signs anything under our own key, as only a mistake of ours could.
fn sign(algorithm: Algorithm, claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(&[1; 32])).unwrap()
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[track_caller]
fn assert_refused(token: &str) {
    assert!(ours().read(token, NOW).is_none(), "{}", &token[..token.len().min(200)]);
}

#[rstest]
#[case(AccessTokenKind::Access)]
#[case(AccessTokenKind::Refresh)]
fn a_token_says_what_was_signed(#[case] kind: AccessTokenKind) {
    let tokens = ours();
    let read = tokens.read(tokens.issue(&AccessClaims { kind, ..claims() }).unwrap().expose(), NOW).unwrap();
    assert_eq!((read.kind, read.realm, read.account), (kind, Realm::member(), AccountId::from(42)));
    assert_eq!((read.version, read.session.expose()), (CredentialVersion::from_stored(7), SID));
    assert_eq!((read.issued_at, read.expires_at), (claims().issued_at, claims().expires_at));
}

#[test]
fn the_forger_starts_from_a_good_token() {
    assert!(ours().read(&sign(Algorithm::HS256, &wire()), NOW).is_some());
}

#[test]
fn a_token_ends_with_its_last_second() {
    let tokens = ours();
    let token = tokens.issue(&claims()).unwrap();
    let end = claims().expires_at;
    assert!(tokens.read(token.expose(), end.minus(Duration::from_micros(1))).is_some());
    assert!(tokens.read(token.expose(), end).is_none());
    assert!(tokens.read(token.expose(), end.plus(Duration::from_secs(86_400))).is_none());
    assert!(tokens.read(token.expose(), Timestamp::from_micros(i64::MAX)).is_none());
}

#[test]
fn a_token_from_the_future_is_refused_beyond_the_skew_of_clocks() {
    let tokens = ours();
    let token = tokens.issue(&claims()).unwrap();
    assert!(tokens.read(token.expose(), NOW.minus(Duration::from_secs(300))).is_some());
    assert!(tokens.read(token.expose(), NOW.minus(Duration::from_secs(301))).is_none());
    assert!(tokens.read(token.expose(), Timestamp::from_micros(i64::MIN)).is_none());
}

#[test]
fn unsigned_tokens_are_refused() {
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let head = part(&json!({"alg": algorithm, "typ": "JWT"}));
        let body = part(&wire());
        assert_refused(&format!("{head}.{body}."));
        assert_refused(&format!("{head}.{body}"));
        let signed = sign(Algorithm::HS256, &wire());
        assert_refused(&format!("{head}.{body}.{}", signed.rsplit('.').next().unwrap()));
    }
}

#[test]
fn other_algorithms_are_refused_even_under_our_own_key() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        assert_refused(&sign(algorithm, &wire()));
    }
    let signed = sign(Algorithm::HS256, &wire());
    let (_, rest) = signed.split_once('.').unwrap();
    for algorithm in ["RS256", "ES256", "PS256", "EdDSA", "HS512", "hs256"] {
        assert_refused(&format!("{}.{rest}", part(&json!({"alg": algorithm, "typ": "JWT"}))));
    }
}

#[test]
fn another_key_or_issuer_is_refused() {
    assert_refused(tokens(2, &[], "https://accounts.example.org").issue(&claims()).unwrap().expose());
    assert_refused(tokens(1, &[], "https://example.org").issue(&claims()).unwrap().expose());
}

#[test]
fn keys_in_the_header_are_not_believed() {
    let key = URL_SAFE_NO_PAD.encode([2; 32]);
    let head =
        json!({"alg": "HS256", "typ": "JWT", "jwk": {"kty": "oct", "k": key}, "jku": "https://evil.example"});
    let message = format!("{}.{}", part(&head), part(&wire()));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(&[2; 32]), Algorithm::HS256);
    assert_refused(&format!("{message}.{}", signature.unwrap()));
}

#[test]
fn previous_keys_verify_and_never_sign() {
    let issuer = "https://accounts.example.org";
    let (earlier, now) = (tokens(1, &[], issuer), tokens(2, &[9, 1], issuer));
    let old = earlier.issue(&claims()).unwrap();
    assert!(now.read(old.expose(), NOW).is_some());
    let new = now.issue(&claims()).unwrap();
    assert!(now.read(new.expose(), NOW).is_some());
    assert!(earlier.read(new.expose(), NOW).is_none());
    assert!(tokens(2, &[], issuer).read(old.expose(), NOW).is_none());
}

#[rstest]
#[case("iss")]
#[case("sub")]
#[case("realm")]
#[case("typ")]
#[case("ver")]
#[case("sid")]
#[case("iat")]
#[case("exp")]
fn every_claim_must_be_there_and_of_its_kind(#[case] name: &str) {
    let mut missing = wire();
    missing.as_object_mut().unwrap().remove(name);
    assert_refused(&sign(Algorithm::HS256, &missing));
    for wrong in [json!(null), json!([]), json!({}), json!(true), json!(1.5), json!(""), json!("\u{e9}\0")] {
        // Any text is a session's token, as far as this room knows.
        if name == "sid" && wrong.is_string() {
            continue;
        }
        let mut claims = wire();
        claims[name] = wrong;
        assert_refused(&sign(Algorithm::HS256, &claims));
    }
}

#[rstest]
#[case("iss", json!(["https://accounts.example.org"]))]
#[case("iss", json!("https://accounts.example.org/"))]
#[case("sub", json!(42))]
#[case("sub", json!("4".repeat(65)))]
#[case("realm", json!("Member"))]
#[case("typ", json!("Access"))]
#[case("typ", json!("id"))]
#[case("exp", json!("1800000300"))]
#[case("exp", json!(i64::MAX))]
#[case("exp", json!(u64::MAX))]
#[case("exp", json!(1e300))]
#[case("exp", json!(-1))]
#[case("iat", json!(i64::MIN))]
#[case("iat", json!(i64::MAX))]
#[case("ver", json!(u64::MAX))]
fn values_out_of_their_range_are_refused(#[case] name: &str, #[case] value: Value) {
    let mut claims = wire();
    claims[name] = value;
    assert_refused(&sign(Algorithm::HS256, &claims));
}

#[test]
fn a_claim_that_stands_twice_is_refused() {
    let body = wire().to_string().replacen('{', r#"{"sub":"1","#, 1);
    let message = format!("{}.{}", part(&json!({"alg": "HS256"})), URL_SAFE_NO_PAD.encode(body));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(&[1; 32]), Algorithm::HS256);
    assert_refused(&format!("{message}.{}", signature.unwrap()));
}

#[test]
fn garbage_of_any_size_is_refused() {
    let good = sign(Algorithm::HS256, &wire());
    for garbage in ["", ".", "..", "...", "a.b.c", "\0", "\u{1f511}.\u{1f511}.\u{1f511}", "Bearer x"] {
        assert_refused(garbage);
    }
    for wrapped in
        [format!(" {good}"), format!("{good} "), format!("{good}="), format!("{good}."), format!(".{good}")]
    {
        assert_refused(&wrapped);
    }
    assert_refused(&"a".repeat(1 << 20));
    assert_refused(&".".repeat(1 << 20));
    assert_refused(&format!(
        "{}.{}.x",
        part(&json!({"alg": "HS256"})),
        URL_SAFE_NO_PAD.encode("[".repeat(2_900))
    ));
}

#[test]
fn what_would_be_too_long_to_be_read_is_not_issued() {
    let claims = AccessClaims { session: Token::new("a".repeat(4_096)), ..claims() };
    assert!(ours().issue(&claims).is_err());
}

#[test]
fn a_token_with_more_claims_than_ours_is_read() {
    let mut claims = wire();
    claims["aud"] = json!("elsewhere");
    claims["jti"] = json!("1");
    assert!(ours().read(&sign(Algorithm::HS256, &claims), NOW).is_some());
}

proptest! {
    #[test]
    fn whatever_is_signed_is_read_back(
        realm in "[a-z0-9_-]{1,32}",
        account in "[!-~]{1,64}",
        session in ".{0,64}",
        version in any::<i64>(),
        lifetime in 1_u64..1_000_000_000,
        refresh in any::<bool>(),
    ) {
        let kind = if refresh { AccessTokenKind::Refresh } else { AccessTokenKind::Access };
        let claims = AccessClaims {
            kind,
            realm: Realm::new(realm).unwrap(),
            account: AccountId::new(account).unwrap(),
            version: CredentialVersion::from_stored(version),
            session: Token::new(session),
            issued_at: NOW,
            expires_at: NOW.plus(Duration::from_secs(lifetime)),
        };
        let tokens = ours();
        let read = tokens.read(tokens.issue(&claims).unwrap().expose(), NOW).unwrap();
        prop_assert_eq!(read.kind, kind);
        prop_assert_eq!(read.realm, claims.realm);
        prop_assert_eq!(read.account, claims.account);
        prop_assert_eq!(read.version, claims.version);
        prop_assert_eq!(read.session.expose(), claims.session.expose());
        prop_assert_eq!(read.expires_at, claims.expires_at);
    }

    #[test]
    fn a_token_with_one_character_changed_is_refused(place in any::<prop::sample::Index>(), other in "[A-Za-z0-9_.-]") {
        let tokens = ours();
        let mut token = tokens.issue(&claims()).unwrap().expose().to_owned();
        let place = place.index(token.len());
        prop_assume!(token[place..=place] != other);
        token.replace_range(place..=place, &other);
        prop_assert!(tokens.read(&token, NOW).is_none());
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        prop_assert!(ours().read(&text, NOW).is_none());
    }
}
