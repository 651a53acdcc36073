//! Reads from Rust source which modules of its own crate it names: `use` lists, nested braces,
//! paths in code, and `super` where it leads up to the root. Comments and texts do not count.

use std::path::Path;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Reached {
    /// A module at the root of the crate.
    Module(String),
    /// The root itself, under another name.
    WholeCrate,
}

/// The module that a file below `src` is, from the root: `auth/mod.rs` is `[auth]`,
/// `auth/store.rs` is `[auth, store]`.
pub fn module_of(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        file.with_extension("").iter().map(|p| p.to_str().unwrap().to_owned()).collect();
    if parts.len() > 1 && parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

/// What the source of a module names at the root of its crate, with the line.
pub fn reached(module: &[String], source: &str) -> Vec<(usize, Reached)> {
    let tokens = tokens(source);
    let word = |at: usize| tokens.get(at).map_or("", |t| t.1.as_str());
    let is_path = |at: usize| word(at) == ":" && word(at + 1) == ":";
    let mut found = Vec::new();
    // Modules written inside the file, by the depth of braces at which each ends.
    let (mut braces, mut inline) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match word(at) {
            "{" => {
                if at > 1 && word(at - 2) == "mod" {
                    inline.push(braces);
                }
                braces += 1;
            }
            "}" => {
                braces -= 1;
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
            }
            // The binary names its library by its name.
            "crate" if is_path(at + 1) => first_segments(&tokens, at + 3, &mut found),
            "api" if is_path(at + 1) && module == ["main"] => {
                first_segments(&tokens, at + 3, &mut found);
            }
            "crate" if word(at + 1) == "as" => found.push((tokens[at].0, Reached::WholeCrate)),
            "super" => {
                let mut steps = 1;
                while is_path(at + 1) && word(at + 3) == "super" {
                    steps += 1;
                    at += 3;
                }
                if steps == module.len() + inline.len() && is_path(at + 1) {
                    first_segments(&tokens, at + 3, &mut found);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The first segment of each path that begins here, right after `crate::`.
fn first_segments(tokens: &[(usize, String)], at: usize, found: &mut Vec<(usize, Reached)>) {
    let mut push = |(line, word): &(usize, String)| {
        found.push((
            *line,
            match word.as_str() {
                "*" | "self" => Reached::WholeCrate,
                name => Reached::Module(name.to_owned()),
            },
        ));
    };
    if tokens[at].1 != "{" {
        return push(&tokens[at]);
    }
    let (mut depth, mut fresh) = (1, true);
    for token in &tokens[at + 1..] {
        match token.1.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => fresh = true,
            _ if fresh => {
                push(token);
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// Words and signs with their lines; without comments, texts, characters and lifetimes.
fn tokens(source: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = source.chars().collect();
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let begin = at;
        match get(at) {
            '/' if get(at + 1) == '/' => {
                while at < chars.len() && get(at) != '\n' {
                    at += 1;
                }
            }
            '/' if get(at + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (get(at), get(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 || at >= chars.len() {
                        break;
                    }
                }
            }
            '"' => at = end_of_text(&chars, at),
            '\'' if get(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && get(at) != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '\'' if get(at + 2) == '\'' => at += 3,
            '\'' => at += 1,
            c if is_word(c) => {
                while is_word(get(at)) {
                    at += 1;
                }
                let word: String = chars[begin..at].iter().collect();
                let hashes = chars[at.min(chars.len())..].iter().take_while(|c| **c == '#').count();
                if matches!(word.as_str(), "r" | "br" | "cr") && get(at + hashes) == '"' {
                    at = end_of_raw_text(&chars, at + hashes, hashes);
                } else if word == "r" && hashes == 1 {
                    at += 1; // a raw identifier: the word follows
                } else {
                    tokens.push((line, word));
                }
            }
            c if c.is_whitespace() => at += 1,
            c => {
                tokens.push((line, c.to_string()));
                at += 1;
            }
        }
        line += chars[begin..at.min(chars.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn end_of_text(chars: &[char], open: usize) -> usize {
    let mut at = open + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn end_of_raw_text(chars: &[char], open: usize, hashes: usize) -> usize {
    let mut at = open + 1;
    while at < chars.len() {
        let closing = chars[at + 1..].iter().take_while(|c| **c == '#').count();
        if chars[at] == '"' && closing >= hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}
