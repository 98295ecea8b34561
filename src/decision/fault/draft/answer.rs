//! What terms want of an answer that is made up.

use super::Draft;

impl Draft {
    /// Answers with this status.
    pub(in super::super) fn status(&mut self, code: u16) {
        self.answer.status = Some(code);
        self.status_term = Some(self.term);
    }

    /// Answers with this status, unless a term says which.
    pub(in super::super) fn default_status(&mut self, code: u16) {
        self.answer.status.get_or_insert(code);
    }

    /// Answers with a redirect so many times in a row, each to another query.
    pub(in super::super) fn redirects(&mut self, times: u32) {
        let followed = self.circumstances.hop;
        if followed < times {
            self.answer.hop = Some(followed + 1);
            self.default_status(302);
        } else {
            self.miss();
            self.is_chain_over = true;
        }
    }

    /// Behind a chain the answer is the correct one, whatever status the redirects have.
    pub(super) fn end_chain(&mut self) {
        if self.is_chain_over
            && let Some(term) = self.status_term
        {
            self.answer.status = None;
            self.missed.insert(term);
        }
    }
}
