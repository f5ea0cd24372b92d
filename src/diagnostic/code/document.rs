//! The codes of faults in documents: XML, JSON and queries.
//!
//! `PC01xx`: well-formedness. `PC02xx`: elements. `PC03xx`: attributes. `PC04xx`: values. `PC05xx`: rules. `PC06xx`:
//! limits. `PC07xx`: JSON. `PC08xx`: queries. `PC09xx`: kinds. The example is a document that has this one fault.

/// Hands the entries, and behind them those of schemas, to the macro that makes the table.
macro_rules! with_document_codes {
    ($table:ident) => { with_schema_codes! { $table! {
    // ---- PC01xx: the document is not well-formed XML ----

    "PC0101" NoRoot: "no root element"
    "A document holds exactly one element at its top, the root. This one ends before any element begins: it is empty, or \
     has only white space, comments and instructions. A body that was cut off or never sent looks like this."
    source "XML 1.0, section 2.1"
    example "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    remedy "look at what produced the document: an empty answer is not a packet"

    "PC0102" InvalidUtf8: "bytes that are not UTF-8"
    "The document is in UTF-8 (it says so, or says nothing, which means the same), but holds bytes that no UTF-8 text can \
     hold. Mostly a text in another encoding, such as ISO-8859-1, was put in unconverted, or a character was cut in two."
    source "XML 1.0, section 4.3.3"
    example "<packet><migration><get_status><migration_id>caf\u{fffd}</migration_id></get_status></migration></packet>\n"
    remedy "convert the text to UTF-8 before it is put into the document"

    "PC0103" UnsupportedEncoding: "encoding that cannot be read"
    "The declaration names an encoding that is not known, or the document begins with the mark of UTF-32 or as EBCDIC does. \
     Documents are read in UTF-8, UTF-16, US-ASCII and all other encodings of the Encoding Standard, such as ISO-8859-1 and \
     Shift_JIS. Values that borrow are read from UTF-8 alone: there `xml::decode` comes first."
    source "XML 1.0, section 4.3.3"
    example "<?xml version=\"1.0\" encoding=\"EBCDIC-CP-US\"?>\n<packet/>\n"
    remedy "convert the document to UTF-8 and declare it so, or leave the encoding out"

    "PC0104" EncodingMismatch: "encoding that the bytes contradict"
    "The declared encoding and the bytes do not go together: US-ASCII is declared and a byte above 127 is there, UTF-16 is \
     declared and the bytes are UTF-8, the byte order mark of one encoding is followed by the declaration of another, or \
     bytes stand for no character in the encoding that is declared."
    source "XML 1.0, section 4.3.3"
    example "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n<packet version=\"é\"/>\n"
    remedy "declare the encoding that the bytes are in: `encoding=\"UTF-8\"`"

    "PC0105" MisplacedDeclaration: "XML declaration that is not at the beginning"
    "The XML declaration may only be the very first thing in a document: not even a blank or a line break stands before \
     it. Two documents put one after the other look like this as well."
    source "XML 1.0, sections 2.6 and 2.8"
    example "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<packet/>\n"
    remedy "remove what stands before `<?xml`"

    "PC0106" MalformedDeclaration: "XML declaration that is not as prescribed"
    "The declaration is `<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>`: `version` first and always, \
     `encoding` and `standalone` after it, each only if wanted, values in quotes, all names in lower case."
    source "XML 1.0, section 2.8"
    example "<?xml encoding=\"UTF-8\"?>\n<packet/>\n"
    remedy "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`"

    "PC0107" Doctype: "document type declaration"
    "A DOCTYPE can define entities and name files to load: the known ways to make a reader of XML spend all its memory or \
     give away local files. No packet has or needs one, so the document is refused before anything in it is read. Where \
     it is allowed (`check --allow-doctype`), its internal subset is read by its grammar and not applied: nothing is loaded, no \
     entity is expanded, and an element that a declaration of attributes would change is an error."
    source "packetcheck, what it refuses to do"
    example "<!DOCTYPE packet SYSTEM \"packet.dtd\">\n<packet/>\n"
    remedy "remove the DOCTYPE"

    "PC0108" ForbiddenCharacter: "character that XML cannot hold"
    "XML 1.0 holds tab, line feed, carriage return and the characters from U+0020 on, but no other control character, and \
     neither U+FFFE nor U+FFFF. Such a character cannot be written as a reference either. They come from \
     binary data, terminal colours or null-terminated strings put into text."
    source "XML 1.0, section 2.2"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>failed\u{1b}[0m</errtext></system></packet>\n"
    remedy "remove the character from the text, or agree on an encoding such as base64 for binary data"

    "PC0109" BareAmpersand: "ampersand that begins no reference"
    "In text and in attribute values `&` begins a reference such as `&amp;` or `&#38;`. One that stands for itself has to \
     be written `&amp;`."
    source "XML 1.0, section 2.4"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>Smith & Sons</errtext></system></packet>\n"
    remedy "write `&amp;`"

    "PC0110" UnknownEntity: "reference to an entity that does not exist"
    "XML knows five entities without a DOCTYPE: `&amp;`, `&lt;`, `&gt;`, `&apos;` and `&quot;`. Those of HTML, such as \
     `&nbsp;`, are not among them. Entities that a DOCTYPE declares are not expanded."
    source "XML 1.0, section 4.1"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>not&nbsp;found</errtext></system></packet>\n"
    remedy "write the character itself, or its number: `&#160;` for `&nbsp;`"

    "PC0111" InvalidCharacterReference: "character reference to no character"
    "A character reference is `&#` and decimal digits or `&#x` and hexadecimal digits, then `;`, and names a character that \
     XML can hold. `&#0;` and other control characters are not among these, however written."
    source "XML 1.0, section 4.1"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>end&#0;</errtext></system></packet>\n"
    remedy "remove the reference, or write the number of the character that is meant"

    "PC0112" CdataEndInText: "`]]>` in text"
    "`]]>` ends a CDATA section and may not stand in text outside of one. It often means that a CDATA section was put \
     into another: the inner one then ends both."
    source "XML 1.0, section 2.4"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>a[b[0]]>1</errtext></system></packet>\n"
    remedy "write `]]&gt;`"

    "PC0113" MalformedName: "name that XML does not allow"
    "A name begins with a letter or `_` and goes on with letters, digits, `.`, `-` and `_`; it may hold one `:`, between a \
     prefix and the local part, and each of these is a name on its own."
    source "XML 1.0, section 2.3; Namespaces in XML 1.0, section 4"
    example "<packet><2fa/></packet>\n"
    remedy "write a name that begins with a letter; if no tag was meant, write `&lt;` for `<`"

    "PC0114" MalformedStartTag: "start tag that is not as prescribed"
    "A start tag is `<`, directly the name, attributes each after white space, then `>` or `/>`. Something in this tag is \
     not part of that, or the tag has no end."
    source "XML 1.0, section 3.1"
    example "<packet><migration, version=\"1\"/></packet>\n"
    remedy "close the tag with `>` or `/>`; if no tag was meant, write `&lt;` for `<`"

    "PC0115" LessThanInAttribute: "`<` in an attribute value"
    "Inside the quotes of an attribute `<` may only be written as `&lt;`. Mostly the closing quote of the value was lost."
    source "XML 1.0, section 3.1"
    example "<packet version=\"<1.6.8.0>\"/>\n"
    remedy "close the quotes before `<`, or write `&lt;`"

    "PC0116" UnquotedAttribute: "attribute whose value is not in quotes"
    "The value of an attribute stands in double or single quotes after `=`, always: what HTML lets pass, XML does not."
    source "XML 1.0, section 3.1"
    example "<packet version=1.6.8.0/>\n"
    remedy "put the value in quotes: `version=\"1.6.8.0\"`"

    "PC0117" MissingBlank: "two attributes without white space between them"
    "Each attribute needs white space before it, also after the closing quote of the one before."
    source "XML 1.0, section 3.1"
    example "<packet version=\"1.6.8.0\"lang=\"en\"/>\n"
    remedy "put a blank before the attribute"

    "PC0118" DuplicateAttribute: "attribute that is given twice"
    "An element has each attribute at most once. Two that are written with different prefixes are the same if both \
     prefixes stand for the same namespace."
    source "XML 1.0, section 3.1; Namespaces in XML 1.0, section 6.3"
    example "<packet version=\"1.6.8.0\" version=\"1.6.9.0\"/>\n"
    remedy "keep one of the two"

    "PC0119" UndeclaredPrefix: "prefix without a namespace"
    "A prefix before a `:` stands for a namespace, which an attribute `xmlns:prefix=\"...\"` of this element or one around \
     it names. Here there is none."
    source "Namespaces in XML 1.0, section 5"
    example "<packet xsi:noNamespaceSchemaLocation=\"agent_output.xsd\"/>\n"
    remedy "declare the prefix on the root, or write the name without it"

    "PC0120" ReservedPrefix: "namespace declaration that is not allowed"
    "The prefixes `xml` and `xmlns` and their namespaces are fixed: `xmlns` is never declared, `xml` never as something \
     else, and no other prefix stands for their namespaces. A prefix cannot be declared as the empty name."
    source "Namespaces in XML 1.0, section 3"
    example "<packet xmlns:xml=\"http://example.org/\"/>\n"
    remedy "choose another prefix, or remove the declaration"

    "PC0121" MalformedEndTag: "end tag that is not as prescribed"
    "An end tag is `</`, directly the name, then `>`; white space may only stand before `>`, and there are no attributes."
    source "XML 1.0, section 3.1"
    example "<packet></packet version=\"1.6.8.0\">\n"
    remedy "write the end tag as `</name>`"

    "PC0122" MismatchedEndTag: "end tag of another element"
    "An element ends with an end tag of its own name. This one names another: one of the two is misspelt. Upper and lower \
     case count."
    source "XML 1.0, section 3, well-formedness constraint Element Type Match"
    example "<packet><migration></migraton></packet>\n"
    remedy "write the name as the start tag has it"

    "PC0123" UnexpectedEndTag: "end tag without a start tag"
    "There is an end tag and no element is open that it could end."
    source "XML 1.0, section 3"
    example "<packet/></packet>\n"
    remedy "remove the end tag"

    "PC0124" UnclosedElement: "element that is not ended"
    "An element around this one ends, or the document does, while it is still open: its end tag was forgotten, or the \
     document was cut off on its way."
    source "XML 1.0, section 3"
    example "<packet><migration><get_status>\n"
    remedy "write the end tag that is missing; if the document was cut off, look for the whole of it where it came from"

    "PC0125" UnclosedComment: "comment that is not ended"
    "A comment goes from `<!--` to `-->`. This one has no end, so all that follows is in it."
    source "XML 1.0, section 2.5"
    example "<packet><!-- written by hand </packet>\n"
    remedy "end the comment with `-->`"

    "PC0126" DoubleHyphenInComment: "`--` in a comment"
    "Two hyphens may stand in a comment only as part of its end, `-->`; so a comment cannot end in `--->` either."
    source "XML 1.0, section 2.5"
    example "<packet><!-- see --get-status --></packet>\n"
    remedy "remove one of the hyphens, or put a blank between them"

    "PC0127" UnclosedCdata: "CDATA section that is not ended"
    "A CDATA section goes from `<![CDATA[` to `]]>`. This one has no end, so all that follows is in it."
    source "XML 1.0, section 2.7"
    example "<packet><system><status>error</status><errtext><![CDATA[failed</errtext></system></packet>\n"
    remedy "end the section with `]]>`"

    "PC0128" UnclosedInstruction: "processing instruction that is not ended"
    "A processing instruction goes from `<?` to `?>`. This one has no end, so all that follows is in it."
    source "XML 1.0, section 2.6"
    example "<packet><?php echo 1; </packet>\n"
    remedy "end the instruction with `?>`, or remove it"

    "PC0129" ReservedInstructionTarget: "processing instruction named `xml`"
    "A processing instruction has a name, directly after `<?`, and may not be called `xml` in any mixture of upper and \
     lower case: that name is kept for the XML declaration."
    source "XML 1.0, section 2.6"
    example "<?XML version=\"1.0\"?>\n<packet/>\n"
    remedy "write the declaration in lower case and at the very beginning, or remove the instruction"

    "PC0130" ContentAfterRoot: "something after the root element"
    "After the end of the root only white space, comments and processing instructions may follow: no text and no second \
     root. Two packets in one file look like this, and so does the output of a script that went on after the packet."
    source "XML 1.0, section 2.1"
    example "<packet/>\nWarning: Cannot modify header information\n"
    remedy "remove what follows the root, or put each packet into a document of its own"

    "PC0131" ContentBeforeRoot: "something before the root element"
    "Before the root only the declaration, white space, comments and processing instructions may stand. An error page or \
     a text message in place of a packet looks like this."
    source "XML 1.0, sections 2.1 and 2.8"
    example "Not found: <packet/>\n"
    remedy "remove what stands before the root; if the whole is no XML, look at what produced it"

    "PC0132" MalformedMarkup: "`<!` that begins no markup"
    "Inside a document `<!` begins a comment, `<!--`, or a CDATA section, `<![CDATA[`, in exactly these letters, and \
     nothing else."
    source "XML 1.0, sections 2.5 and 2.7"
    example "<packet><!ENTITY name \"value\"></packet>\n"
    remedy "remove it; write `&lt;` for a `<` that belongs to the text"

    "PC0133" MalformedInstruction: "processing instruction that is not as prescribed"
    "A processing instruction is `<?`, directly a name without a colon, then white space if anything follows, then `?>`."
    source "XML 1.0, section 2.6; Namespaces in XML 1.0, section 7"
    example "<packet><?php,echo 1; ?></packet>\n"
    remedy "write the name directly after `<?`, or remove the instruction"

    "PC0134" BareLessThan: "`<` that begins no tag"
    "In text `<` begins a tag, directly followed by a name or `/`. One that stands for itself has to be written `&lt;`."
    source "XML 1.0, section 2.4"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>1 < 2</errtext></system></packet>\n"
    remedy "write `&lt;`"

    "PC0135" MalformedQualifiedName: "name with a colon in the wrong place"
    "With namespaces a colon in a name stands between a prefix and a local part: one at most, and neither first nor last."
    source "Namespaces in XML 1.0, section 4"
    example "<packet><a:b:c/></packet>\n"
    remedy "remove the colon, or write `-` or `_` for it"

    "PC0136" UnclosedAttribute: "attribute value that is not ended"
    "The value of an attribute ends with the same quote, double or single, that it begins with. Here none follows before \
     the next tag."
    source "XML 1.0, section 2.3"
    example "<packet version=\"1.6.8.0><migration/></packet>\n"
    remedy "close the quotes"

    "PC0137" EmptyNamespace: "prefix declared as the empty name"
    "`xmlns=\"\"` says that names without a prefix are in no namespace; a prefix cannot be declared so."
    source "Namespaces in XML 1.0, section 5"
    example "<packet xmlns:p=\"\"/>\n"
    remedy "give the namespace that the prefix stands for, or remove the declaration"

    "PC0138" UnclosedTag: "tag that is not ended"
    "A tag goes on to its `>`. Here the document ends, or another tag begins, before it."
    source "XML 1.0, section 3.1"
    example "<packet><migration"
    remedy "write the `>` that is missing; if the document was cut off, look for the whole of it where it came from"

    "PC0139" UnclosedReference: "reference that is not ended"
    "A reference goes from `&` to `;`. Here the document ends before it."
    source "XML 1.0, section 4.1"
    example "<packet>&amp"
    remedy "the document was cut off: look for the whole of it where it came from"

    // ---- PC02xx: elements ----

    "PC0201" UnexpectedRoot: "root that the schema does not have"
    "The root element of the document is not one of those that the schema declares. Either this is a document of another \
     kind, or the root is in another namespace than the schema's: names agree only if their namespaces agree too."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.1)"
    example "<html><body>Not found</body></html>\n"
    remedy "choose the schema of this kind of document; or remove `xmlns` where the schema has no namespace"

    "PC0202" UnexpectedElement: "element that is not allowed here"
    "The schema says which elements may stand in an element, in which order and how often. This one is none of those that \
     can stand at this place."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.4)"
    example "<packet><migration><get_status><migration_id>1</migration_id><site/></get_status></migration></packet>\n"
    remedy "remove the element, or move it to where the schema has it"

    "PC0203" MissingElement: "missing required element"
    "An element that has to be there is not: before another that may only follow it, or before the end of the element \
     that should hold it."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.4)"
    example "<packet><migration><get_status/></migration></packet>\n"
    remedy "add the element at this place"

    "PC0204" UnknownElement: "misspelt element"
    "The element is not allowed here, but one with nearly the same name is. It was most probably meant, and is read as if \
     it were it. Upper and lower case count, and so do `-` and `_`."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.4)"
    example "<packet><migration><get_status><migration-id>1</migration-id></get_status></migration></packet>\n"
    remedy "write the name as the schema has it"

    "PC0205" TooManyElements: "element that occurs too often"
    "The schema says how often an element may occur, and it is there once too often."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.4)"
    example "<packet><migration><get_status><migration_id>1</migration_id><migration_id>2</migration_id></get_status></migration></packet>\n"
    remedy "remove the one too many; to ask for several things, repeat the operation around it"

    "PC0206" ElementOutOfOrder: "element in the wrong order"
    "The element belongs into this one, but has to stand before another that is already there. The order of elements \
     counts, also where it carries no meaning: readers rely on it."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.4)"
    example "<packet><system><status>error</status><errtext>failed</errtext><errcode>1023</errcode></system></packet>\n"
    remedy "put the elements into the order of the schema"

    "PC0207" UnexpectedText: "text between elements"
    "This element holds other elements and no text of its own: between them only white space is allowed."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.3)"
    example "<packet><migration>status:<get_status><migration_id>1</migration_id></get_status></migration></packet>\n"
    remedy "remove the text, or put it into the element that is meant for it"

    "PC0208" NotEmpty: "content in an element that must be empty"
    "This element holds nothing: no elements and no text, not even white space or a line break. Comments are allowed."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.2.1)"
    example "<packet><migration><check> </check></migration></packet>\n"
    remedy "write it as `<name/>`; tell the printer that indents the document to leave it so"

    "PC0209" ChildInSimpleContent: "element in an element that holds text"
    "This element holds a text or a number and no other elements. HTML put into a text unescaped looks like this."
    source "XSD 1.0 part 1, sections 3.3.4 and 3.4.4 (cvc-type.3.1.2, cvc-complex-type.2.2)"
    example "<packet><system><status>error</status><errcode>1023</errcode><errtext>not <b>found</b></errtext></system></packet>\n"
    remedy "write `&lt;` for a `<` that belongs to the text"

    "PC0210" NotNillable: "`xsi:nil` on an element that cannot be nil"
    "`xsi:nil` says that an element has no value. The schema has to allow that for the element (`nillable`), and does not \
     here, not even for `xsi:nil=\"false\"`."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.3.1)"
    example "<packet xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>\n"
    remedy "remove `xsi:nil`; leave the element out where it is optional"

    "PC0211" NilWithContent: "content in an element that is nil"
    "The element says `xsi:nil=\"true\"`, that it has no value, and holds text or elements all the same (or the schema \
     gives it a fixed value, which it cannot be without)."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.3.2)"
    example "<note xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\">text</note>\n"
    remedy "remove the content, or `xsi:nil`"

    "PC0212" UnknownType: "`xsi:type` of a type that does not exist"
    "`xsi:type` names the type that an element has in this document. The schema has no type of that name and namespace. \
     On an element that a lax wildcard admits and no declaration is known of, it is a warning: its content is not checked. \
     What is no qualified name, or has a prefix that is not declared, is an error there too."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.4.2)"
    example "<packet xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Packet2\">\n  <migration><get_status><migration_id>1</migration_id></get_status></migration></packet>\n"
    remedy "remove `xsi:type`, or name a type of the schema"

    "PC0213" TypeNotDerived: "`xsi:type` of a type that cannot stand here"
    "The type that `xsi:type` names exists, but is not derived from the one that the schema gives the element, so it cannot \
     take its place."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.4.3)"
    example "<packet xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"resultType\">\n  <migration><get_status><migration_id>1</migration_id></get_status></migration></packet>\n"
    remedy "remove `xsi:type`, or name a type derived from the element's own"

    "PC0214" AbstractType: "element of an abstract type"
    "The type of this element is abstract: only the types derived from it can be used, and the element has to say which \
     with `xsi:type`."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-type.2)"
    example "<shape/>\n"
    remedy "add `xsi:type` with one of the derived types"

    "PC0215" AbstractElement: "abstract element"
    "The schema declares this element as abstract: it stands for others and cannot be used itself."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.2)"
    example "<operator/>\n"
    remedy "use one of the elements that it stands for"

    "PC0216" UndeclaredElement: "element without a declaration"
    "The schema allows any declared element here, and this one is not declared: it cannot be checked."
    source "XSD 1.0 part 1, section 3.10.4 (cvc-assess-elt.1, strict wildcards)"
    example "<any><unknown/></any>\n"
    remedy "use an element that the schema declares, or add the schema that declares it"

    "PC0217" SubstitutionBlocked: "element whose standing for another is blocked"
    "The element names another one as the head of its substitution group and stands in the place of that one. The schema \
     forbids it: the head, or a type that is on the way from its type to this element's, blocks it."
    source "XSD 1.0 part 1, sections 3.3.6 (cos-equiv-derived-ok-rec) and 3.9.4 (cvc-particle.2.3)"
    example "<drawing><circle/></drawing>\n"
    remedy "use the head itself, or another element that may stand for it"

    "PC0218" TypeBlocked: "`xsi:type` of a type that is blocked"
    "The type that `xsi:type` names is derived from the element's own, but in a way that the declaration of the element, or \
     its type, blocks for documents."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.4.3)"
    example "<shape xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Circle\"/>\n"
    remedy "remove `xsi:type`, or name a type that is derived in another way"

    // ---- PC03xx: attributes ----

    "PC0301" MissingAttribute: "missing required attribute"
    "The schema requires an attribute of this element that is not there."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.4)"
    example "<server/>\n"
    remedy "add the attribute"

    "PC0302" UnexpectedAttribute: "attribute that is not allowed here"
    "The schema has no such attribute for this element. An attribute without a prefix is in no namespace, whatever the \
     namespace of its element."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.3)"
    example "<packet Version=\"1.6.8.0\"><migration><get_status><migration_id>1</migration_id></get_status></migration></packet>\n"
    remedy "remove the attribute, or write its name as the schema has it"

    "PC0303" FixedAttribute: "attribute that has not its fixed value"
    "The schema fixes the value of this attribute: it may be left out, but not be another."
    source "XSD 1.0 part 1, section 3.2.4 (cvc-au)"
    example "<server kind=\"other\"/>\n"
    remedy "give the fixed value, or leave the attribute out if it is optional"

    "PC0304" UndeclaredAttribute: "attribute without a declaration"
    "The schema allows any declared attribute here, and this one is not declared: it cannot be checked."
    source "XSD 1.0 part 1, section 3.10.4 (strict wildcards)"
    example "<any unknown=\"1\"/>\n"
    remedy "use an attribute that the schema declares, or add the schema that declares it"

    "PC0305" SecondId: "second ID on an element"
    "An element has one ID at most. Here its type declares one already, or another attribute that the wildcard of the type \
     lets pass is an ID too."
    source "XSD 1.0 part 1, section 3.4.4 (cvc-complex-type.5)"
    example "<host id=\"a\" number=\"b\"/>\n"
    remedy "remove one of the two"

    // ---- PC04xx: values ----

    "PC0401" NotInLexicalSpace: "value that is not of its type"
    "The text cannot be read as a value of the type that the schema gives it: letters where a number should be, or nothing \
     at all. An empty element is not a number."
    source "XSD 1.0 part 2, section 4.1.4 (cvc-datatype-valid.1)"
    example "<packet><system><status>error</status><errcode>E1023</errcode><errtext>failed</errtext></system></packet>\n"
    remedy "write a value of the type; leave the element out where there is none and it is optional"

    "PC0402" NotEnumerated: "value that is not in the list"
    "The schema lists the values that can stand here. Each character counts: upper and lower case are different, and where \
     white space is preserved, a blank or line break before or after the value makes it another."
    source "XSD 1.0 part 2, section 4.3.5 (cvc-enumeration-valid)"
    example "<packet><system><status> ok </status></system></packet>\n"
    remedy "write one of the values exactly as listed"

    "PC0403" PatternMismatch: "value that does not match the pattern"
    "The schema gives a pattern for the value, and the whole value has to match it, from its first character to the last."
    source "XSD 1.0 part 2, section 4.3.4 (cvc-pattern-valid)"
    example "<address>192.0.2.1 </address>\n"
    remedy "write the value in the form that the pattern describes"

    "PC0404" LengthOutside: "value that is too short or too long"
    "The schema bounds the length of the value: in characters, in bytes for binary data, in items for a list."
    source "XSD 1.0 part 2, sections 4.3.1 to 4.3.3"
    example "<login></login>\n"
    remedy "write a value of the length that is allowed"

    "PC0405" RangeOutside: "value that is too small or too great"
    "The schema bounds the value from below or above, and this one is outside."
    source "XSD 1.0 part 2, sections 4.3.7 to 4.3.10"
    example "<packet><system><status>error</status><errcode>4294967296</errcode><errtext>failed</errtext></system></packet>\n"
    remedy "write a value inside the bounds"

    "PC0406" DigitsOutside: "number with too many digits"
    "The schema bounds how many digits the number has, in all (`totalDigits`) or after the point (`fractionDigits`)."
    source "XSD 1.0 part 2, sections 4.3.11 and 4.3.12"
    example "<price>1.005</price>\n"
    remedy "round the number, or leave out digits that say nothing"

    "PC0407" NoMemberType: "value of none of the types of a union"
    "The schema allows values of several types here, and the text is of none of them."
    source "XSD 1.0 part 2, section 4.1.4 (cvc-datatype-valid.1.2.3)"
    example "<size>big</size>\n"
    remedy "write a value of one of the types"

    "PC0408" FixedElement: "element that has not its fixed value"
    "The schema fixes the value of this element: it may be empty, which stands for the value, but not be another."
    source "XSD 1.0 part 1, section 3.3.4 (cvc-elt.5.2.2)"
    example "<kind>other</kind>\n"
    remedy "give the fixed value, or leave the element empty"

    "PC0409" UndeclaredPrefixInValue: "name in a value whose prefix is not declared"
    "The value is a qualified name, such as `p:port`. Which name that is depends on the namespace behind its prefix, and no \
     `xmlns:p` is in force where the value stands."
    source "XSD 1.0 part 1, section 3.15.3; part 2, section 3.2.18"
    example "<port>p:ftp</port>\n"
    remedy "declare the prefix on the element or around it: `xmlns:p=\"...\"`"

    "PC0410" UndeclaredNotation: "notation that the schema does not declare"
    "The value names a notation, and the schema declares none of that name."
    source "XSD 1.0 part 2, section 3.2.19"
    example "<picture xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:NOTATION\">gif</picture>\n"
    remedy "write the name of a notation that the schema declares"

    "PC0411" UndeclaredEntity: "unparsed entity that is not declared"
    "The schema asks for the name of an unparsed entity. Those are declared in a document type declaration, and documents \
     that have one are not accepted here, so no name is right."
    source "XSD 1.0 part 1, section 3.14.4 (cvc-simple-type.2)"
    example "<picture>logo</picture>\n"
    remedy "change the type in the schema; `xs:NCName` and `xs:anyURI` are what is mostly meant"

    "PC0412" DuplicateId: "ID given twice"
    "The value is an ID: a name that belongs to one element of the document, so that others can refer to it. Another \
     element has it already."
    source "XSD 1.0 part 1, section 3.15.4 (cvc-id.2)"
    example "<hosts><host id=\"a\"/><host id=\"a\"/></hosts>\n"
    remedy "give one of the two another ID"

    "PC0413" UnknownId: "reference to an ID that no element has"
    "The value refers to an element of this document by its ID, and no element has that ID. Upper and lower case differ."
    source "XSD 1.0 part 1, section 3.15.4 (cvc-id.1)"
    example "<hosts><host id=\"a\" next=\"b\"/></hosts>\n"
    remedy "write the ID of an element that is there, or add the element"
    "PC0414" DuplicateKey: "key that is there twice"
    "The schema says that no two of these elements have the same values here (`xs:key` or `xs:unique`). Values are compared, \
     not spellings: as numbers, `7` and `07` are the same."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.4.1 and 4.2.2)"
    example "<order><item id=\"7\"/><item id=\"07\"/></order>\n"
    remedy "give each a value of its own"

    "PC0415" MissingKeyField: "key without one of its fields"
    "The schema identifies these elements by a key (`xs:key`), so each of them has all the fields of the key. With \
     `xs:unique` in its place a field might be missing."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.4.2.1)"
    example "<order><item id=\"7\"/><item/></order>\n"
    remedy "give the field a value"

    "PC0416" NillableKeyField: "field of a key that could be nil"
    "The field of a key (`xs:key`) leads to an element that the schema lets be nil, whether it is here or not. The \
     Recommendation forbids that: a key is always there."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.4.2.3)"
    example "<order><item><id>7</id></item></order>\n"
    remedy "make the element not nillable in the schema, or the key an `xs:unique`"

    "PC0417" SeveralFields: "field that is there several times"
    "A field of a key, or of a reference to one, is one element or attribute, or none. Here the path of the field leads to \
     several."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.3)"
    example "<order><item><id>7</id><id>8</id></item></order>\n"
    remedy "keep one of them"

    "PC0418" FieldWithoutValue: "field that has no simple value"
    "A field of a key, or of a reference to one, is an attribute or an element of a simple type or with simple content. \
     Here the path of the field leads to an element that holds elements, may hold some, or is empty by its type."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.3)"
    example "<order><item><id><number>7</number></id></item></order>\n"
    remedy "let the field in the schema lead to the value itself"

    "PC0419" DanglingReference: "reference to a key that is not there"
    "The schema says that this value refers to another element by its key (`xs:keyref`), and no element in reach has that \
     key: it must be in the element that the reference is declared on."
    source "XSD 1.0 part 1, section 3.11.4 (cvc-identity-constraint.4.3)"
    example "<order><item id=\"7\"/><discount item=\"8\"/></order>\n"
    remedy "refer to a key that is there, or add the element that is meant"

    // ---- PC05xx: rules that go beyond structure and types ----

    "PC0501" RuleBroken: "rule that is broken"
    "Some requirements of a documentation join several things, such as \"an error has a code and a text\". A schema states \
     them as rules beside the structure, and this document breaks one."
    source "ISO/IEC 19757-3 (Schematron), written in the schema's `xs:appinfo`"
    example "<packet><migration><get_status><result><status>error</status></result></get_status></migration></packet>\n"
    remedy "see the message: it is the rule itself"

    "PC0502" RuleWarning: "document that the sources judge differently"
    "The document is valid, but something in it is odd, or the public sources do not agree on it: one of them allows it, \
     another does not. The message names them. With `--strict` this counts as an error."
    source "ISO/IEC 19757-3 (Schematron), written in the schema's `xs:appinfo`, with `role=\"warning\"`"
    example "<packet><migration><get_status><result><status>ok</status><finished/></result></get_status></migration></packet>\n"
    remedy "when you write such a document, do as all sources allow; when you read one, be ready for it"

    // ---- PC06xx: limits ----

    "PC0601" DocumentTooLarge: "document that is larger than the limit"
    "The document has more bytes than the limit allows. It is not read, so nothing else is said about it."
    source "packetcheck, limits"
    example "<packet/>\n"
    remedy "raise the limit if documents of this size are expected"

    "PC0602" TooDeep: "elements nested deeper than the limit"
    "More elements (in JSON objects and arrays) are open at once than the limit allows. No packet comes near it, but a document made to exhaust its \
     reader does. What follows is not read."
    source "packetcheck, limits"
    example "<packet/>\n"
    remedy "raise the limit if documents of this depth are expected"

    "PC0603" TooManyAttributes: "more attributes than the limit"
    "One element has more attributes than the limit allows, namespace declarations included. What follows is not read."
    source "packetcheck, limits"
    example "<packet/>\n"
    remedy "raise the limit if elements with so many attributes are expected"

    "PC0604" NameTooLong: "name that is longer than the limit"
    "A name, or the name of a namespace, has more bytes than the limit allows. What follows is not read."
    source "packetcheck, limits"
    example "<packet/>\n"
    remedy "raise the limit if names of this length are expected"

    // ---- PC07xx: JSON documents ----

    "PC0701" UnexpectedToken: "something else where JSON wants a value, a name or a sign"
    "JSON is objects, arrays, strings in double quotes, numbers, `true`, `false` and `null`, with `,` and `:` between them \
     and nothing else. Something here does not belong: a comma too many or too few, single quotes, a word, a comment."
    source "RFC 8259, sections 2 to 5"
    example "{\"name\": \"MigrationTask\",}"
    remedy "see the message: it says what may stand there"

    "PC0702" EndsEarly: "document that ends too early"
    "The document ends before its value does. Empty bodies and bodies that were cut off look like this."
    source "RFC 8259, section 2"
    example "{\"name\": \"MigrationTask\""
    remedy "look at what produced or carried the document: its end is missing"

    "PC0703" TrailingData: "data behind the end"
    "A document is one value. Behind it only white space may stand. Two documents one after the other look like this."
    source "RFC 8259, section 2"
    example "{\"name\": \"MigrationTask\"} {}"
    remedy "remove what follows, or read it as a document of its own"

    "PC0704" ByteOrderMark: "byte order mark before JSON"
    "The bytes EF BB BF stand before the value. JSON that goes over a network must not have them, and many readers refuse \
     it: ours does, so that nothing passes here that fails there."
    source "RFC 8259, section 8.1"
    example "\u{feff}{\"name\": \"MigrationTask\"}"
    remedy "save the document as UTF-8 without a byte order mark"

    "PC0705" JsonInvalidUtf8: "bytes that are not UTF-8"
    "JSON that goes over a network is UTF-8, and some bytes here are not. Mostly a text in another encoding was put in \
     unconverted, or a character was cut in two."
    source "RFC 8259, section 8.1"
    example "{\"name\": \"caf\u{fffd}\"}"
    remedy "convert the document to UTF-8"

    "PC0706" ControlCharacter: "control character in a string"
    "Characters below U+0020, line breaks and tabs among them, stand in a string only as escapes. A line break in a string \
     often means that its closing quote was forgotten."
    source "RFC 8259, section 7"
    example "{\"name\": \"Migration\tTask\"}"
    remedy "write the escape: `\\n` for a line break, `\\t` for a tab"

    "PC0707" UnknownEscape: "escape that JSON does not know"
    "Behind a backslash stand `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t`, or `u` and four hexadecimal digits. Windows paths and \
     volume names look like this when they were pasted as they are: each backslash has to be doubled."
    source "RFC 8259, section 7"
    example "{\"name\": \"C:\\Migration\"}"
    remedy "double the backslash: `\\\\`"

    "PC0708" LoneSurrogate: "half of a pair of surrogates"
    "A character beyond U+FFFF is escaped as two: `\\ud83d\\ude00`. One of the two alone is no character, and no UTF-8 text \
     can hold it. Mostly a text was cut between them."
    source "RFC 8259, section 8.2"
    example "{\"name\": \"\\ud83d\"}"
    remedy "remove the escape, or write both halves"

    "PC0709" MalformedNumber: "number that is not spelt as JSON spells numbers"
    "A number is decimal digits without leading zeros, perhaps a minus before them, a point and digits, an exponent. There \
     is no plus sign before it, no hexadecimal, no NaN and no infinity."
    source "RFC 8259, section 6"
    example "{\"priority\": 01}"
    remedy "see the help of the message"

    "PC0710" DuplicateMember: "two members of one name"
    "An object has two members of one name. Some readers take the first, some the last, some refuse: what is checked by one \
     and used by another may then differ, so it is refused here."
    source "RFC 8259, section 4; RFC 7493 (I-JSON), section 2.3"
    example "{\"name\": \"a\", \"name\": \"b\"}"
    remedy "keep one of the two"

    "PC0711" MissingMember: "required member that is missing"
    "The documentation marks a member as mandatory, and the object does not have it. A mandatory text may be empty, but it \
     has to be there."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"subtask_name\": \"SSL_CONFIG\", \"progress\": 1, \"replicatesize\": 0, \"totalsize\": 0}"
    remedy "add the member"

    "PC0712" WrongType: "value of another type"
    "The documentation gives the member one type, and the value has another: a number in quotes, a word for `true`, an \
     object where an array should be, `null` where a value is mandatory."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"name\": 1}"
    remedy "write the value as the type that is expected"

    "PC0713" NumberOutside: "number outside its range"
    "The documentation says how small and how great the number may be; this one is outside, or no double can hold it."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"priority\": 3}"
    remedy "write a number within the range"

    "PC0714" TextLengthOutside: "text that is too short or too long"
    "The documentation says how many characters the text may have. Characters are counted, not bytes."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"enterprise_project_id\": \"\"}"
    remedy "shorten the text, or leave the member out where it would be empty"

    "PC0715" NotListed: "value that is not among the documented ones"
    "The documentation lists all values of the member, and this is none of them. Upper and lower case count."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"os_type\": \"Linux\"}"
    remedy "write one of the values that are expected"

    "PC0716" ItemsOutside: "array with too many or too few items"
    "The documentation says how many items the array may have."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"error_code\": \"SMS.0204\", \"error_param\": []}"
    remedy "write as many items as are allowed, or leave the member out"

    "PC0717" UnlistedValue: "value that is not among the known ones"
    "The documentation names values of the member, but its editions differ and new values come. The document is valid; \
     whoever reads it should expect the value to be unknown to others. With `--strict` this counts as an error."
    source "packetcheck, the object's page: see `ORIGIN.md` beside the JSON Schema"
    example "{\"state\": \"RESETTING\"}"
    remedy "when you write such a document, use a value that is documented; when you read one, be ready for others"

    "PC0718" MisspeltMember: "member whose name is nearly right"
    "The object has a member that the documentation does not name, and whose name differs from a documented one only in \
     case, in what separates its words, or in one letter. It is kept, but whoever reads the message will not look at it."
    source "Huawei Cloud SMS API reference and DataWorks API reference, the tables of members"
    example "{\"state\": \"RUNNING\", \"project_nam\": \"x\", \"region_id\": \"y\"}\n"
    remedy "write the name as the documentation does"

    "PC0719" UnknownMember: "member that the JSON of a document does not have"
    "JSON from which a document is written (by `encode`) has a member for each attribute and child that the schema knows \
     there, and no others: there is nothing that this one could be written as."
    source "packetcheck: docs/json.md; `decode` shows the members that there are"
    example "{\"packet\": {\"@verson\": \"1.6.0.2\", \"$value\": [{\"migration\": {\"$value\": [{\"check\": {}}]}}]}}\n"
    remedy "remove the member, or write its name as `decode` shows it"

    // ---- PC08xx: parameters of a query string or a form body ----

    "PC0801" MalformedEscape: "percent sign that begins no escape"
    "In a query, `%` and two hexadecimal digits stand for a byte. A percent sign that stands for itself has to be \
     written `%25`. An escape that was cut in two, or a text that was never escaped, looks like this."
    source "RFC 3986, section 2.1"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&RegionId=50%&Format=XML\n"
    remedy "write `%25` for the percent sign itself, or complete the escape"

    "PC0802" ParameterNotUtf8: "parameter that is not UTF-8"
    "The bytes that the escapes of a name or value stand for are no UTF-8 text. Mostly the text was in another encoding \
     when it was escaped, such as GBK or ISO-8859-1."
    source "Alibaba Cloud, RPC style, signature; RFC 3986, section 2.5"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&RegionId=%D6%D0\n"
    remedy "convert the text to UTF-8 before it is escaped"

    "PC0803" UnescapedCharacter: "character that a URL cannot hold"
    "A query holds letters, digits and some marks of US-ASCII; everything else, blanks among them, is escaped. Most servers \
     take such a character all the same, so the request stays valid, but a signature made of it may not fit."
    source "RFC 3986, section 3.4"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&RegionId=cn shanghai\n"
    remedy "escape the character: `%20` for a blank"

    "PC0804" MissingParameter: "parameter that is missing"
    "The documentation requires this parameter. `ProjectId` and `MigrationId` are always there; `Action` may be left to a \
     header (then it is a warning); a request that carries its `Signature` has all parameters that belong to signing."
    source "Alibaba Cloud DataWorks, \"GetMigrationProcess\"; RPC style, common parameters"
    example "Action=GetMigrationProcess&ProjectId=1\n"
    remedy "add the parameter; where a POST has some in its query and some in its body, look at both joined by `&`"

    "PC0805" DuplicateParameter: "parameter given twice"
    "Each parameter has one value, and the documentation does not say which of two counts. Of a parameter that is not \
     documented here it is a warning."
    source "Alibaba Cloud, RPC style, common parameters"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&ProjectId=3\n"
    remedy "remove one of the two"

    "PC0806" ParameterValue: "value that the parameter does not have"
    "The documentation lists what this parameter can say: `GetMigrationProcess` as the `Action`, `2020-05-18` as the \
     `Version`, `JSON` or `XML` as the `Format`, a time in UTC as the `Timestamp`. Where its pages differ (`xml` in lower \
     case, other ways to sign) it is a warning."
    source "Alibaba Cloud DataWorks, \"GetMigrationProcess\"; RPC style, common parameters"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&Version=2024-05-18\n"
    remedy "write the value that is expected"

    "PC0807" ParameterNotAnInteger: "parameter that is not a 64-bit integer"
    "Identifiers of workspaces and migration packages are numbers from -9223372036854775808 to 9223372036854775807, in \
     decimal digits."
    source "Alibaba Cloud DataWorks, \"GetMigrationProcess\", type Long"
    example "Action=GetMigrationProcess&ProjectId=workspace&MigrationId=2\n"
    remedy "write the number of the workspace or package, not its name"

    "PC0808" MisspeltParameter: "parameter whose name is nearly right"
    "No parameter of this name is documented, but one that is spelt nearly so; upper and lower case differ in names. Where \
     the documented one is required and missing it is an error, else a warning."
    source "Alibaba Cloud DataWorks, \"GetMigrationProcess\""
    example "Action=GetMigrationProcess&projectId=1&MigrationId=2\n"
    remedy "write the name as the documentation does"

    "PC0809" TooManyParameters: "more parameters than the limit"
    "The request has more parameters than the limit allows. What follows is not read."
    source "packetcheck, limits"
    example "Action=GetMigrationProcess&ProjectId=1&MigrationId=2\n"
    remedy "raise the limit if so many parameters are expected"

    // ---- PC09xx: kinds of packets ----

    "PC0901" NoKind: "document of no known kind"
    "Nothing in the document shows what kind of packet it is: it has no member, parameter or element of one. It may be \
     the page of a proxy or an answer of another service. In a capture of HTTP with packets of known kinds this is a warning, \
     at the first of the messages that show none."
    source "packetcheck, detection of kinds"
    example "Bad Gateway\n"
    remedy "not a packet. If it should be one, pass `--as KIND` to see what is wrong with it"

    "PC0902" AnotherKind: "packet of another kind"
    "The document has something that only packets of another kind have, and nothing that only packets of the expected kind \
     have: an answer where a request was expected, or a message of another system. What else would be wrong with it by the \
     expected kind is not reported. In JSON, where unknown members are allowed, this is a warning."
    source "packetcheck, detection of kinds"
    example "<packet><migration><check><result><status>ok</status></result></check></migration></packet>\n"
    remedy "check it as the kind that it is"

    "PC0903" NotAPacket: "something else than a packet"
    "The document is an HTML page, a compressed file, or several documents one after the other; or it has no head of HTTP, \
     where the kind is a request that is nothing but a head; or it is XML where packets of the kind are JSON, and the like. \
     What else would be wrong with it is not reported."
    source "packetcheck, detection of kinds"
    example "<html><head><title>404 Not Found</title></head><body><hr>nginx</body></html>\n"
    remedy "take the packet out of it"
    } } };
}
