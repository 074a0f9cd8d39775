use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use password_domain::ports::{Content, DeliveryError, Mailer, Message};
use password_domain::token::Token;

use super::lock;

/// How a [`RecordingMailer`] is to fail: one for each [`DeliveryError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFailure {
    /// The message did not leave, and never will.
    Refused,
    /// The message did not leave this time.
    Postponed,
    /// Nobody knows whether the message left.
    Unknown,
}

impl From<DeliveryFailure> for DeliveryError {
    fn from(failure: DeliveryFailure) -> Self {
        let cause = "the test asked for this failure".into();
        match failure {
            DeliveryFailure::Refused => Self::Refused(cause),
            DeliveryFailure::Postponed => Self::Postponed(cause),
            DeliveryFailure::Unknown => Self::Unknown(cause),
        }
    }
}

/// A mailer that keeps every message instead of sending it.
#[derive(Debug, Default)]
pub struct RecordingMailer(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    attempted: Vec<Message>,
    delivered: Vec<Message>,
    next: VecDeque<DeliveryFailure>,
    always: Option<DeliveryFailure>,
}

impl RecordingMailer {
    /// Returns a mailer that delivers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one delivery more fail; several calls wait in line.
    pub fn fail_next(&self, failure: DeliveryFailure) {
        lock(&self.0).next.push_back(failure);
    }

    /// Makes every delivery fail from now on, or none where it is `None`.
    pub fn fail_always(&self, failure: Option<DeliveryFailure>) {
        lock(&self.0).always = failure;
    }

    /// Returns the messages that were delivered.
    pub fn delivered(&self) -> Vec<Message> {
        lock(&self.0).delivered.clone()
    }

    /// Returns the messages that were to be delivered, whatever became of them.
    pub fn attempted(&self) -> Vec<Message> {
        lock(&self.0).attempted.clone()
    }

    /// Returns the token of the last message, delivered or not, that carries one.
    pub fn last_token(&self) -> Option<Token> {
        lock(&self.0).attempted.iter().rev().find_map(|message| match &message.content {
            Content::ResetRequested { token, .. } => Some(token.clone()),
            Content::PasswordChanged { .. }
            | Content::EmailChanged { .. }
            | Content::TooManyAttempts { .. } => None,
        })
    }

    /// Forgets every message; failures asked for stay.
    pub fn clear(&self) {
        let mut state = lock(&self.0);
        state.attempted.clear();
        state.delivered.clear();
    }
}

#[async_trait]
impl Mailer for RecordingMailer {
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let mut state = lock(&self.0);
        state.attempted.push(message.clone());
        if let Some(failure) = state.next.pop_front().or(state.always) {
            return Err(failure.into());
        }
        state.delivered.push(message.clone());
        Ok(())
    }
}
