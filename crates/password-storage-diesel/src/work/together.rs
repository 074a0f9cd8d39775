//! Questions of one kind that are asked at the same moment, and one unit of work that answers all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::error::Failure;

/// What answers questions of one kind on a connection: an answer for each, in order.
type Answers<C, Q, A> = dyn Fn(&mut C, &[Q]) -> Result<Vec<A>, Failure> + Send + Sync;

/// Questions of one kind, which wait until somebody comes for them.
pub(crate) struct Together<C, Q, A>(Arc<Inner<C, Q, A>>);

struct Inner<C, Q, A> {
    answers: Box<Answers<C, Q, A>>,
    waiting: Mutex<Waiting<Q, A>>,
}

struct Waiting<Q, A> {
    asked: Vec<Asked<Q, A>>,
    /// Whether somebody is on the way.
    called: bool,
}

/// One question, and who waits for its answer.
struct Asked<Q, A> {
    question: Q,
    reply: oneshot::Sender<Told<Q, A>>,
}

/// What whoever asked is told.
pub(crate) enum Told<Q, A> {
    Answer(Result<A, Failure>),
    /// Nothing came of the questions together, so each is asked by itself.
    Alone(Q),
}

impl<C, Q, A> Together<C, Q, A> {
    pub(crate) fn new(
        answers: impl Fn(&mut C, &[Q]) -> Result<Vec<A>, Failure> + Send + Sync + 'static,
    ) -> Self {
        let waiting = Waiting { asked: Vec::new(), called: false };
        Self(Arc::new(Inner { answers: Box::new(answers), waiting: Mutex::new(waiting) }))
    }

    /// Lets a question wait. Returns the turn of whoever has to come for it, where nobody is on the way.
    pub(crate) fn push(&self, question: Q, reply: oneshot::Sender<Told<Q, A>>) -> Option<Turn<C, Q, A>> {
        let mut waiting = self.0.lock();
        waiting.asked.push(Asked { question, reply });
        let called = std::mem::replace(&mut waiting.called, true);
        drop(waiting);
        (!called).then(|| Turn { inner: Arc::clone(&self.0), taken: false })
    }

    /// Returns the work that answers one question by itself. It may be begun again.
    pub(crate) fn alone(&self, question: Q) -> impl FnMut(&mut C) -> Result<A, Failure> + use<C, Q, A> {
        let inner = Arc::clone(&self.0);
        move |c| inner.answer(c, std::slice::from_ref(&question)).and_then(only)
    }
}

impl<C, Q, A> Inner<C, Q, A> {
    // Nothing happens under the lock that could leave it half done.
    fn lock(&self) -> MutexGuard<'_, Waiting<Q, A>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Asked<Q, A>> {
        let mut waiting = self.lock();
        waiting.called = false;
        std::mem::take(&mut waiting.asked)
    }

    fn answer(&self, c: &mut C, questions: &[Q]) -> Result<Vec<A>, Failure> {
        let answers = (self.answers)(c, questions)?;
        if answers.len() == questions.len() {
            Ok(answers)
        } else {
            Err(Failure::Unforeseen("not every question was answered".to_owned()))
        }
    }
}

/// Returns the answer to the only question.
pub(crate) fn only<A>(mut answers: Vec<A>) -> Result<A, Failure> {
    answers.pop().ok_or_else(|| Failure::Unforeseen("the question was not answered".to_owned()))
}

/// Held by whoever comes for the questions. Dropped without an answer, it lets those who wait know that nobody comes.
pub(crate) struct Turn<C, Q, A> {
    inner: Arc<Inner<C, Q, A>>,
    taken: bool,
}

impl<C, Q, A> Turn<C, Q, A> {
    fn take(&mut self) -> Vec<Asked<Q, A>> {
        self.taken = true;
        self.inner.take()
    }

    /// Answers what waits by now, in one unit of work.
    pub(crate) fn answer(mut self, c: &mut C) {
        // Nobody waits for the answers of those who went away.
        let asked = self.take().into_iter().filter(|asked| !asked.reply.is_closed());
        let (questions, replies): (Vec<_>, Vec<_>) = asked.map(|asked| (asked.question, asked.reply)).unzip();
        if questions.is_empty() {
            return;
        }
        match self.inner.answer(c, &questions) {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // Whoever asked may have gone away by now, here and below.
                    let _ = reply.send(Told::Answer(Ok(answer)));
                }
            }
            Err(failure) if failure.is_undone() && (questions.len() > 1 || failure.is_transient()) => {
                tracing::debug!(questions = questions.len(), "what was asked together is asked one by one");
                for (reply, question) in replies.into_iter().zip(questions) {
                    let _ = reply.send(Told::Alone(question));
                }
            }
            Err(failure) => tell(replies, failure),
        }
    }

    /// Tells those who wait by now that nothing comes of it.
    pub(crate) fn refuse(mut self, failure: Failure) {
        tell(self.take().into_iter().map(|asked| asked.reply), failure);
    }
}

impl<C, Q, A> Drop for Turn<C, Q, A> {
    fn drop(&mut self) {
        if !self.taken {
            drop(self.take());
        }
    }
}

fn tell<Q, A>(replies: impl IntoIterator<Item = oneshot::Sender<Told<Q, A>>>, failure: Failure) {
    let mut replies = replies.into_iter();
    let first = replies.next();
    for reply in replies {
        let _ = reply.send(Told::Answer(Err(failure.again())));
    }
    if let Some(reply) = first {
        let _ = reply.send(Told::Answer(Err(failure)));
    }
}
