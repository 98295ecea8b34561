//! A server as a schedule file has it.

use super::FlakyServerBuilder;
use crate::decision::matchers;
use crate::schedule_file::{FileFixture, ScheduleFile, Source};

impl FlakyServerBuilder {
    /// Serves, limits and breaks what a schedule file says.
    ///
    /// Its fixtures, rules and times of being down are added behind those that are there. Its seed, and each limit that it
    /// has a word on, take the place of what was said before, and give way to what is said later; what it says nothing of
    /// stays. So do the settings that are on or off: it turns a mirror, hidden files and precompressed ones on, and the
    /// listing off, and nothing the other way. Files are opened when the server is started.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, FlakyServer, ScheduleFile};
    ///
    /// let server = FlakyServer::builder()
    ///     .serve_generated("/app.tar.gz", ByteSize::mb(1))
    ///     .schedule_file(&ScheduleFile::builtin("flaky-wifi").expect("it is built in"))
    ///     .start()?;
    /// # Ok::<(), flaky_server::StartError>(())
    /// ```
    pub fn schedule_file(mut self, file: &ScheduleFile) -> Self {
        self = file.fixtures().iter().fold(self, |builder, fixture| builder.fixture(file, fixture));
        self = self.rules(file.rules().cloned());
        self.downtimes.extend(file.downtimes().iter().cloned());
        self.seed = file.seed().or(self.seed);
        self.mirror |= file.has_mirror();
        self.unmirrored = self.unmirrored.or_else(|| file.check_without_mirror().err());
        self.hidden |= file.serves_hidden();
        self.no_listing |= !file.has_listing();
        self.precompressed |= file.serves_precompressed();
        self.limits = file.limits().over(self.limits);
        self.drain_deadline = file.limits().drain_deadline.or(self.drain_deadline);
        self
    }

    fn fixture(self, file: &ScheduleFile, fixture: &FileFixture) -> Self {
        match (&fixture.source, &fixture.path) {
            (Source::Dir { path, template }, _) => {
                let builder = self.serve_dir(file.resolve(path));
                template.iter().fold(builder, |builder, glob| builder.template(glob))
            }
            (Source::File { path, template }, _) => {
                let path = file.resolve(path);
                let url = fixture.served();
                let templated = url.clone().filter(|_| *template);
                let builder = match url {
                    Some(url) => self.serve_file_at(url, path),
                    None => self.serve_file(path),
                };
                templated.into_iter().fold(builder, |builder, url| builder.template(&matchers::literal(&url)))
            }
            (Source::Generate { .. }, _) => match fixture.generated() {
                Some((url, content)) => self.serve_generated(url, content),
                None => self,
            },
            (Source::Text { text, template: true }, Some(url)) => self.serve_template(url, text),
            (Source::Text { text, template: false }, Some(url)) => self.serve_bytes(url, text.clone()),
            // Nothing is read that has no path.
            (Source::Text { .. }, None) => self,
        }
    }
}
