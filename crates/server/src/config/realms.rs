//! `[realms.*]` and `[policies.*]`: the kinds of account, and what their passwords must be.

use std::collections::BTreeMap;
use std::time::Duration;

use password_domain::account::Realm as RealmName;
use password_domain::policy::{Policy, PolicyOverlay};
use password_domain::settings::RealmSettings;
use serde::Deserialize;

use super::problem::Problems;
use super::units::Span;

/// A link in a mailbox is a password for this long (OWASP Forgot Password Cheat Sheet: short-lived).
const MOST_RESET_TTL: Duration = Duration::from_secs(24 * 60 * 60);
/// A session that never has to be renewed is none.
const MOST_SESSION_TTL: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// The three kinds of account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "RealmsPatch")]
pub struct Realms {
    /// The fleet platform's users.
    pub user: Realm,
    /// The dealers.
    pub dealer: Realm,
    /// The members.
    pub member: Realm,
}

/// What an operator decides for one kind of account.
#[derive(Clone, Debug, PartialEq)]
pub struct Realm {
    /// The name of a policy.
    pub policy: String,
    /// How long a session lives without being renewed.
    pub session_ttl: Duration,
    /// How long an access token lives.
    pub access_ttl: Duration,
    /// How long a reset token lives from the sending of its mail.
    pub reset_ttl: Duration,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RealmsPatch {
    user: RealmPatch,
    dealer: RealmPatch,
    member: RealmPatch,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RealmPatch {
    policy: Option<String>,
    session_ttl: Option<Span>,
    access_ttl: Option<Span>,
    reset_ttl: Option<Span>,
}

impl RealmPatch {
    fn over(self, name: &str, base: &RealmSettings) -> Realm {
        let or = |span: Option<Span>, base: Duration| span.map_or(base, |span| span.0);
        Realm {
            policy: self.policy.unwrap_or_else(|| name.to_owned()),
            session_ttl: or(self.session_ttl, base.session_ttl),
            access_ttl: or(self.access_ttl, base.access_ttl),
            reset_ttl: or(self.reset_ttl, base.reset_ttl),
        }
    }
}

impl From<RealmsPatch> for Realms {
    fn from(patch: RealmsPatch) -> Self {
        Self {
            user: patch.user.over("user", &RealmSettings::user()),
            dealer: patch.dealer.over("dealer", &RealmSettings::dealer()),
            member: patch.member.over("member", &RealmSettings::member()),
        }
    }
}

impl Default for Realms {
    fn default() -> Self {
        RealmsPatch::default().into()
    }
}

impl Realms {
    fn all(&self) -> [(&'static str, &Realm, RealmSettings); 3] {
        [
            ("user", &self.user, RealmSettings::user()),
            ("dealer", &self.dealer, RealmSettings::dealer()),
            ("member", &self.member, RealmSettings::member()),
        ]
    }

    pub(super) fn check(&self, policies: &Policies, problems: &mut Problems) {
        for (name, realm, _) in self.all() {
            let key = |what: &str| format!("realms.{name}.{what}");
            problems.require(
                policies.has(&realm.policy),
                &key("policy"),
                &format!("there is no policy {:?}, neither built in nor under [policies]", realm.policy),
            );
            for (what, ttl, most, words) in [
                ("session_ttl", realm.session_ttl, MOST_SESSION_TTL, "it must be over 0 and at most 366d"),
                // An access token ends with its session anyway.
                ("access_ttl", realm.access_ttl, MOST_SESSION_TTL, "it must be over 0 and at most 366d"),
                ("reset_ttl", realm.reset_ttl, MOST_RESET_TTL, "it must be over 0 and at most 24h"),
            ] {
                problems.require(!ttl.is_zero() && ttl <= most, &key(what), words);
            }
        }
    }

    /// Returns the realms as the use cases know them. Policies must have been checked.
    pub fn settings(&self, policies: &BTreeMap<String, Policy>) -> BTreeMap<RealmName, RealmSettings> {
        let names = [RealmName::user(), RealmName::dealer(), RealmName::member()];
        names
            .into_iter()
            .zip(self.all())
            .map(|(name, (_, realm, base))| {
                let settings = RealmSettings {
                    policy: policies.get(&realm.policy).cloned().unwrap_or(base.policy),
                    session_ttl: realm.session_ttl,
                    access_ttl: realm.access_ttl,
                    reset_ttl: realm.reset_ttl,
                    reset_token: base.reset_token,
                };
                (name, settings)
            })
            .collect()
    }
}

/// The operator's policies and changes to the built-in ones, by name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Policies(BTreeMap<String, PolicyOverlay>);

impl Policies {
    fn has(&self, name: &str) -> bool {
        Policy::built_in(name).is_some() || self.0.contains_key(name)
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        for (name, overlay) in &self.0 {
            let good = (1..=32).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
            let key = format!("policies.{name}");
            problems.require(good, &key, "a policy's name has 1 to 32 characters of a-z, 0-9, _ and -");
            if let Err(error) = overlay.policy(name) {
                problems.add(key, error.to_string());
            }
        }
    }

    /// Returns every policy by name, the built-in ones included; what does not check is left out.
    pub fn resolved(&self) -> BTreeMap<String, Policy> {
        let built_in =
            Policy::BUILT_IN.into_iter().filter_map(|name| Some((name.to_owned(), Policy::built_in(name)?)));
        let own =
            self.0.iter().filter_map(|(name, overlay)| Some((name.clone(), overlay.policy(name).ok()?)));
        built_in.chain(own).collect()
    }
}
