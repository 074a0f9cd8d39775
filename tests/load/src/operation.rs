//! What is measured.

use clap::ValueEnum;

/// One kind of request, or a scenario of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    /// `user/auth` with the right password.
    SignIn,
    /// `user/auth` with a login that nobody has.
    UnknownLogin,
    /// `user/password/set`.
    UserSet,
    /// `panel/dealer/password/update` with a full history.
    DealerUpdate,
    /// `user/profile/change-password/` with apikey and access token.
    MemberChange,
    /// `user/login/` with apikey.
    MemberSignIn,
    /// `user/password/change` with a hash from a mail.
    ChangeByToken,
    /// `user/password/set` with a wrong old password.
    WrongOldPassword,
    /// `password/check`.
    PolicyCheck,
    /// `health/ready`.
    Health,
    /// A scenario: how long light requests take while 64 clients change passwords.
    LightRequests,
    /// A scenario: how long a new server takes to its first answer.
    FirstAnswer,
}

impl Operation {
    /// Returns the name that people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::UnknownLogin => "sign-in, unknown login",
            Self::UserSet => "user set",
            Self::DealerUpdate => "dealer update",
            Self::MemberChange => "member change",
            Self::MemberSignIn => "member sign-in",
            Self::ChangeByToken => "change by token",
            Self::WrongOldPassword => "wrong old password",
            Self::PolicyCheck => "policy check",
            Self::Health => "health",
            Self::LightRequests => "light requests",
            Self::FirstAnswer => "first answer",
        }
    }

    /// Returns how many evaluations one request costs, as the architecture promises; 0 for a scenario.
    pub(crate) fn evaluations(self) -> u32 {
        match self {
            Self::DealerUpdate => 3,
            Self::UserSet | Self::MemberChange => 2,
            Self::SignIn
            | Self::UnknownLogin
            | Self::MemberSignIn
            | Self::ChangeByToken
            | Self::WrongOldPassword => 1,
            Self::PolicyCheck | Self::Health | Self::LightRequests | Self::FirstAnswer => 0,
        }
    }

    /// Tells whether it begins with a mail.
    pub(crate) fn needs_mail(self) -> bool {
        self == Self::ChangeByToken
    }

    /// Tells whether the default limits let it through: whoever knows the password spends nothing.
    pub(crate) fn fits_limits(self) -> bool {
        !matches!(
            self,
            Self::UnknownLogin
                | Self::ChangeByToken
                | Self::WrongOldPassword
                | Self::PolicyCheck
                | Self::LightRequests
        )
    }
}
