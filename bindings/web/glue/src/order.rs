//! Puts the functions of a WebAssembly module in an order that compresses well.
//!
//! gzip finds repetitions within the last 32 KB, and the code of a module is many times larger. If instances of one
//! generic function, or otherwise similar functions, are next to each other, it finds more of them. The order is built
//! step by step: the next function is the one that has most in common with the last few.

use std::collections::HashMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

type Error = reencode::Error<Infallible>;

/// The number of bytes of code that are compared at a time.
const WORD: usize = 6;

/// Words that occur in more functions than this say nothing about similarity, and take time.
const COMMON: usize = 100;

/// The weights of the last functions, the most recent one first.
const WEIGHTS: [f64; 8] = [1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2];

/// Returns the same module with its functions in another order.
pub(crate) fn ordered(wasm: &[u8]) -> Result<Vec<u8>, Error> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let code: Vec<&[u8]> = bodies.iter().map(FunctionBody::as_bytes).collect();
    let order = by_likeness(&code);
    let mut places = vec![0; order.len()];
    for (place, function) in order.iter().enumerate() {
        places[*function] = place;
    }
    let mut module = Module::new();
    Order { imported, order, places }.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// The order of pieces of code, as indices.
fn by_likeness(code: &[&[u8]]) -> Vec<usize> {
    let words: Vec<Vec<&[u8]>> = code.iter().map(|code| words(code)).collect();
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, words) in words.iter().enumerate() {
        words.iter().for_each(|word| having.entry(word).or_default().push(function));
    }
    having.retain(|_, functions| (2..=COMMON).contains(&functions.len()));
    // If nothing is similar, the largest piece comes next.
    let mut rest: Vec<usize> = (0..code.len()).collect();
    rest.sort_by_key(|function| (code[*function].len(), usize::MAX - function));
    let mut order: Vec<usize> = Vec::with_capacity(code.len());
    let mut is_placed = vec![false; code.len()];
    while order.len() < code.len() {
        let mut likeness = vec![0.0; code.len()];
        for (last, weight) in order.iter().rev().zip(WEIGHTS) {
            for functions in words[*last].iter().filter_map(|word| having.get(word)) {
                let gain = weight / (functions.len() as f64).sqrt();
                functions.iter().for_each(|function| likeness[*function] += gain);
            }
        }
        let score = |function: usize| likeness[function] / ((words[function].len() as f64).sqrt() + 4.0);
        let alike = (0..code.len()).filter(|function| !is_placed[*function] && likeness[*function] > 0.0);
        let next = alike.max_by(|one, other| score(*one).total_cmp(&score(*other)).then(other.cmp(one)));
        let next = next.unwrap_or_else(|| {
            while rest.last().is_some_and(|function| is_placed[*function]) {
                rest.pop();
            }
            rest.pop().unwrap_or_default()
        });
        is_placed[next] = true;
        order.push(next);
    }
    order
}

/// Each sequence of `WORD` bytes of a piece of code, once.
fn words(code: &[u8]) -> Vec<&[u8]> {
    let mut words: Vec<&[u8]> = code.windows(WORD.min(code.len().max(1))).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Rewrites a module: puts the functions in their order, and updates all references to them.
struct Order {
    imported: usize,
    /// The function at each place.
    order: Vec<usize>,
    /// The place of each function.
    places: Vec<usize>,
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = (function as usize).checked_sub(self.imported).and_then(|own| self.places.get(own));
        Ok(own.map_or(function, |place| (self.imported + place) as u32))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function in self.order.clone() {
            functions.function(self.type_index(types[function])?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}
