//! Letters that are written as one character or as two, a letter and a combining mark: both look the same.

use std::borrow::Cow;

/// Combining marks, each with the letters that it makes: the letter alone, then with the mark (of the canonical compositions of
/// Unicode those of Latin, Greek and Cyrillic letters with the marks that keyboards have).
const COMPOSED: &[(char, &str)] = &[
    ('\u{0300}', "AÀEÈIÌOÒUÙaàeèiìoòuùNǸnǹЕЀИЍеѐиѝWẀwẁYỲyỳαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊΙῚΥῪΟῸΩῺ"),
    (
        '\u{0301}',
        "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźGǴgǵÆǼæǽØǾøǿΑΆΕΈΗΉΙΊΟΌΥΎΩΏαάεέηήιίοόυύωώϒϓГЃКЌгѓкќKḰ\
         kḱMḾmḿPṔpṕWẂwẃ",
    ),
    ('\u{0302}', "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑ"),
    ('\u{0303}', "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽEẼeẽYỸyỹ"),
    ('\u{0304}', "AĀaāEĒeēIĪiīOŌoōUŪuūÆǢæǣYȲyȳИӢиӣУӮуӯGḠgḡαᾱΑᾹιῑΙῙυῡΥῩ"),
    ('\u{0306}', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗαᾰΑᾸιῐΙῘυῠΥῨ"),
    ('\u{0307}', "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡTṪtṫWẆwẇXẊxẋYẎyẏſẛ"),
    (
        '\u{0308}',
        "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧWẄwẅXẌxẍtẗ",
    ),
    ('\u{030A}', "AÅaåUŮuůwẘyẙ"),
    ('\u{030B}', "OŐoőUŰuűУӲуӳ"),
    ('\u{030C}', "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"),
    ('\u{0323}', "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọUỤuụYỴyỵ"),
    ('\u{0327}', "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"),
    ('\u{0328}', "AĄaąEĘeęIĮiįUŲuųOǪoǫ"),
];

/// The one character for a letter and the combining mark after it.
pub(crate) fn composition(letter: char, mark: char) -> Option<char> {
    let (_, letters) = COMPOSED.iter().find(|(known, _)| *known == mark)?;
    let mut letters = letters.chars();
    // Both are taken out of the list in turn.
    while let (Some(known), Some(composed)) = (letters.next(), letters.next()) {
        if known == letter {
            return Some(composed);
        }
    }
    None
}

/// A text with one character for each letter with a mark, where there is one.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    let is_mark = |character: char| ('\u{300}'..='\u{36f}').contains(&character);
    if text.is_ascii() || !text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut composed = String::with_capacity(text.len());
    for character in text.chars() {
        match composed.chars().next_back().and_then(|letter| composition(letter, character)) {
            Some(one) => {
                composed.pop();
                composed.push(one);
            }
            None => composed.push(character),
        }
    }
    Cow::Owned(composed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_marks_are_one() {
        assert_eq!(composed("cafe\u{301} i\u{308}"), "café ï");
        assert_eq!(composed("e\u{308}\u{301}q\u{301}\u{301}"), "ë\u{301}q\u{301}\u{301}");
        assert!(matches!(composed("café"), Cow::Borrowed("café")));
        for (mark, letters) in COMPOSED {
            assert_eq!(letters.chars().count() % 2, 0, "{mark:?}");
        }
    }
}
