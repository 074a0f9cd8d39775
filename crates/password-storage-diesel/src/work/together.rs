//! Questions of one kind that are asked at the same moment, and one unit of work that answers all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::error::Failure;

/// What answers questions of one kind on a connection: an answer for each, in order.
type Answers<C, Q, A> = dyn Fn(&mut C, &[Q]) -> Result<Vec<A>, Failure> + Send + Sync;

type Reply<Q, A> = oneshot::Sender<Told<Q, A>>;

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
    reply: Reply<Q, A>,
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
    pub(crate) fn push(&self, question: Q, reply: Reply<Q, A>) -> Option<Turn<C, Q, A>> {
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

    /// Answers what waits by now, in one unit of work. `is_alive` tells of a connection whether it is whole.
    pub(crate) fn answer(mut self, c: &mut C, is_alive: impl FnOnce(&mut C) -> bool) -> Answered<Q, A> {
        // Nobody waits for the answers of those who went away.
        let asked = self.take().into_iter().filter(|asked| !asked.reply.is_closed());
        let (questions, replies): (Vec<_>, Vec<_>) = asked.map(|asked| (asked.question, asked.reply)).unzip();
        if questions.is_empty() {
            return Answered(Vec::new());
        }
        let told: Vec<_> = match self.inner.answer(c, &questions) {
            Ok(answers) => answers.into_iter().map(|answer| Told::Answer(Ok(answer))).collect(),
            Err(failure) if questions.len() == 1 && !failure.is_transient() => {
                vec![Told::Answer(Err(failure))]
            }
            Err(failure) if failure.is_undone() && is_alive(c) => {
                tracing::debug!(questions = questions.len(), "what was asked together is asked one by one");
                questions.into_iter().map(Told::Alone).collect()
            }
            Err(failure) => questions.iter().map(|_| Told::Answer(Err(failure.again()))).collect(),
        };
        Answered(replies.into_iter().zip(told).collect())
    }

    /// Tells the first of those who wait by now why nothing was begun. The others may have waited for a moment only, so
    /// each asks by itself.
    pub(crate) fn refuse(mut self, failure: Failure) -> Answered<Q, A> {
        let mut failure = Some(failure);
        let told = |asked: Asked<Q, A>| {
            let told = match failure.take() {
                Some(failure) => Told::Answer(Err(failure)),
                None => Told::Alone(asked.question),
            };
            (asked.reply, told)
        };
        Answered(self.take().into_iter().map(told).collect())
    }
}

/// What came of a turn, not told to anybody yet: a connection is back in its pool first, so that the next call finds it.
pub(crate) struct Answered<Q, A>(Vec<(Reply<Q, A>, Told<Q, A>)>);

impl<Q, A> Answered<Q, A> {
    pub(crate) fn tell(self) {
        for (reply, told) in self.0 {
            // Whoever asked may have gone away by now.
            let _ = reply.send(told);
        }
    }
}

impl<C, Q, A> Drop for Turn<C, Q, A> {
    fn drop(&mut self) {
        if !self.taken {
            drop(self.take());
        }
    }
}
