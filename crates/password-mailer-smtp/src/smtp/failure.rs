//! What a failure means for the mail.

use std::fmt;

use lettre::transport::smtp::Error;
use password_domain::ports::DeliveryError;

/// How far the exchange had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    Tls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Content,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "the greeting",
            Self::Tls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Content => "the message",
        })
    }
}

/// A mail that was not handed over, or perhaps was. Tells the server's codes, not its text, which may repeat an
/// address or a part of the mail.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The server said no.
    #[error("the mail server answered {code} to {step}")]
    Answer {
        step: Step,
        /// The reply code, and the enhanced one (RFC 3463) where the server gave it.
        code: String,
        permanent: bool,
    },
    /// The server can't be reached, can't be trusted, went away, or answered something that is no SMTP.
    #[error("the exchange with the mail server broke at {step}")]
    Broken {
        step: Step,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answers took too long.
    #[error("the mail server took too long")]
    Timeout {
        /// Whether the mail had begun to leave.
        leaving: bool,
    },
    /// The address needs an extension that the server lacks.
    #[error("the mail server does not take addresses beyond ASCII")]
    NoUtf8,
}

impl Failure {
    /// Says what an error at this step is.
    pub(super) fn at(step: Step) -> impl Fn(Error) -> Self {
        move |error| match error.status() {
            Some(status) => {
                let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                let enhanced = text.split_whitespace().next().filter(|word| is_enhanced(word));
                let code =
                    enhanced.map_or_else(|| status.to_string(), |enhanced| format!("{status} {enhanced}"));
                // Authentication asked for or gone stale: a matter of configuration, not of this mail (RFC 4954).
                let authentication = matches!(status.to_string().as_str(), "530" | "534" | "535" | "538");
                Self::Answer { step, code, permanent: error.is_permanent() && !authentication }
            }
            None => Self::Broken { step, source: error.into() },
        }
    }
}

impl From<Failure> for DeliveryError {
    fn from(failure: Failure) -> Self {
        match &failure {
            Failure::Answer {
                step: Step::Mail | Step::Rcpt | Step::Data | Step::Content,
                permanent: true,
                ..
            }
            | Failure::NoUtf8 => Self::Refused(failure.into()),
            Failure::Broken { step: Step::Content, .. } | Failure::Timeout { leaving: true } => {
                Self::Unknown(failure.into())
            }
            Failure::Answer { .. } | Failure::Broken { .. } | Failure::Timeout { leaving: false } => {
                Self::Postponed(failure.into())
            }
        }
    }
}

/// `5.1.1` and its like.
fn is_enhanced(word: &str) -> bool {
    let mut parts = word.split('.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    number(parts.next()) && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_code_is_told_from_text() {
        for (word, is) in
            [("5.1.1", true), ("4.7.123", true), ("5.1", false), ("5.1.1.1", false), ("a@b.de", false)]
        {
            assert_eq!(is_enhanced(word), is, "{word}");
        }
    }

    #[test]
    fn only_an_answer_about_the_mail_is_final() {
        let answer =
            |step, permanent| DeliveryError::from(Failure::Answer { step, code: String::new(), permanent });
        for step in [Step::Mail, Step::Rcpt, Step::Data, Step::Content] {
            assert!(matches!(answer(step, true), DeliveryError::Refused(_)));
            assert!(matches!(answer(step, false), DeliveryError::Postponed(_)));
        }
        for step in [Step::Connect, Step::Tls, Step::Auth] {
            assert!(matches!(answer(step, true), DeliveryError::Postponed(_)));
        }
    }
}
