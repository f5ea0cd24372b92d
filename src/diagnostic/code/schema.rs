//! The codes of faults in schemas: one for each constraint of the Recommendation that `xsd` enforces, and a few of our
//! own for what no constraint names.
//!
//! Variants are called as the constraints are (`src-resolve`, `SrcResolve`). `PC10xx`: documents, where they come from
//! and how they are written. `PC11xx`: components, in the order of part 1. `PC12xx`: simple types and their facets, in
//! the order of part 2. The example is what stands in an `xs:schema` whose prefix `xs` is that of XSD, or a whole
//! document; it has this one fault.

/// Hands the entries, behind what stands in the braces, to the macro that makes the table.
macro_rules! with_schema_codes {
    ($table:ident! { $($documents:tt)* }) => { with_http_codes! { $table! {
    $($documents)*

    // ---- PC10xx: schema documents ----

    "PC1001" Unreadable "unreadable": "schema document that cannot be read"
    "The file is not there, and something of its namespace is used that no other document declares; or it may not be read, \
     is in an encoding that is not known, or is larger than the limit."
    source "packetcheck, schema documents"
    example "<xs:include schemaLocation=\"not_there.xsd\"/>\n<xs:element name=\"a\" type=\"t\"/>\n"
    remedy "check the path and the file's permissions"

    "PC1002" NotWellFormed "not-well-formed": "schema document that is not well-formed XML"
    "A schema document is an XML document first; nothing of it can be read while it is none."
    source "XML 1.0, section 2.1"
    example "<xs:element name=\"a\">\n"
    remedy "correct the XML at this place"

    "PC1003" SchemaSyntax "schema-syntax": "schema document that is not written as the schema for schemas says"
    "Each element of a schema document may have certain attributes and children, and attributes certain values. \
     Anything else is refused, so that no slip of the pen changes what the schema means."
    source "XML Schema 1.0, part 1, appendix A"
    example "<xs:element name=\"a\" typ=\"xs:string\"/>\n"
    remedy "write the element as the Recommendation gives it"

    "PC1004" SchemaLimit "limit": "schema that is larger than the limit"
    "Documents, their nesting, the chains of definitions and the tables of content models have limits, so that a schema \
     can neither hang nor exhaust whoever loads it."
    source "packetcheck, limits of schemas"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:pattern value=\"((((ab){1,1000}){1,1000}){1,1000}){1,1000}\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "make the schema smaller at this place"

    "PC1005" Unsupported "unsupported": "construct that is not supported yet"
    "The Recommendation has it, packetcheck does not. It is refused, since a schema of which a part is passed over would \
     accept what it is to refuse. What is left are attributes that a DOCTYPE would add or change: its declarations are read \
     and not applied, so the attribute is to be written with the value that it would get."
    source "packetcheck, the parts of XML Schema that it knows"
    example "<!DOCTYPE xs:schema [ <!ATTLIST xs:schema version CDATA \"1\"> ]>\n<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"/>\n"
    remedy "not supported: remove it"

    "PC1006" RefusedLocation "location": "location that is not read"
    "Schema documents come from files of the permitted folders alone: that of each schema given, and others that the \
     caller names. Nothing is ever read over a network: a URL is answered from the permitted folders, by a file of the \
     same name and target namespace, and is an error where nothing answers it and something of it is used. So is an \
     import that names no location, where no document of its namespace is given."
    source "packetcheck, schema documents"
    example "<xs:include schemaLocation=\"http://example.com/types.xsd\"/>\n<xs:element name=\"a\" type=\"t\"/>\n"
    remedy "save the document in a folder and pass `--folder FOLDER`"

    "PC1007" AppInfo "appinfo": "annotation for packetcheck that cannot be followed"
    "Marks of the namespace `urn:packetcheck` in `xs:appinfo` are part of the schema, and so are its Schematron rules \
     where a mark (`<rules xmlns=\"urn:packetcheck\"/>`) or `--rules` asks for them to be run: one that is not understood \
     would never be enforced, and so is refused. Elsewhere Schematron is an annotation; that it is not run is a warning."
    source "packetcheck, rules; ISO/IEC 19757-3"
    example "<xs:annotation>\n  <xs:appinfo>\n    <rules xmlns=\"urn:packetcheck\"/>\n    <pattern xmlns=\"http://purl.oclc.org/dsdl/schematron\">\n      <rule context=\"nothing\"/>\n    </pattern>\n  </xs:appinfo>\n</xs:annotation>\n"
    remedy "write the rule in the part of Schematron that packetcheck knows"

    "PC1008" CatalogSyntax "catalog": "catalog that cannot be followed"
    "An XML catalog names files for locations. It is read as OASIS gives it; entries that hand over to other catalogs at \
     a look-up (`delegateURI`) are not known, and refused."
    source "OASIS, XML Catalogs 1.1, section 6"
    example "<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">\n  <uri name=\"urn:a\"/>\n</catalog>\n"
    remedy "write the entry as the standard gives it"

    "PC1009" NotMeant "not-meant": "schema that is legal and surely not meant"
    "A warning, never an error: `^` and `$` are characters like any other in the patterns of XML Schema, which always \
     match the whole value; a selector that no valid document can satisfy makes its key or keyref empty; and what \
     speaks to processors of XSD 1.1 alone is passed over here."
    source "packetcheck; XML Schema 1.0, part 2, appendix F, and part 1, section 3.11.6"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\"><xs:pattern value=\"^[0-9]+$\"/></xs:restriction>\n</xs:simpleType>\n"
    remedy "write what is meant"

    "PC1011" SrcResolve "src-resolve": "name that refers to nothing"
    "A reference by a qualified name must find a component of its kind, in the document's own target namespace, in that \
     of XSD, or in one that the document imports."
    source "XML Schema 1.0, part 1, section 3.15.3, QName resolution (Schema Document)"
    example "<xs:element name=\"a\" type=\"nothing\"/>\n"
    remedy "correct the name or its prefix, declare what it means, or import its namespace"

    "PC1012" SrcQname "src-qname": "prefix of a qualified name that is not declared"
    "The prefix of a qualified name in an attribute must be bound to a namespace, as that of an element must."
    source "XML Schema 1.0, part 1, section 3.15.3, QName Interpretation"
    example "<xs:element name=\"a\" type=\"xsd:string\"/>\n"
    remedy "declare the prefix, or write the one that is declared"

    "PC1013" SrcInclude "src-include": "included document of another namespace"
    "A document that is included has the target namespace of the one that includes it, or none."
    source "XML Schema 1.0, part 1, section 4.2.1, Inclusion Constraints and Semantics"
    example "<xs:include schemaLocation=\"other_namespace.xsd\"/>\n"
    remedy "use `xs:import`, or give both documents one target namespace"

    "PC1014" SrcImport "src-import": "import that cannot be"
    "A document imports another namespace than its own, and the document that is found has that namespace as its target. As \
     a warning: two files of the permitted folders answer the same URL, with the same name and target namespace, and differ. \
     The message names both; the first is read. `--map URL=FILE` or a catalog names the right one."
    source "XML Schema 1.0, part 1, section 4.2.3, Import Constraints and Semantics"
    example "<xs:import schemaLocation=\"other_namespace.xsd\"/>\n"
    remedy "write the namespace of the document that is imported; of the own namespace documents are included"

    "PC1015" SrcElement "src-element": "element declaration that contradicts itself"
    "A declaration has either a default or a fixed value, either a `type` or a type written on the spot, and a reference \
     has nothing of its own but how often it occurs."
    source "XML Schema 1.0, part 1, section 3.3.3, Element Declaration Representation OK"
    example "<xs:element name=\"a\" default=\"1\" fixed=\"2\"/>\n"
    remedy "leave one of the two out"

    "PC1016" SrcAttribute "src-attribute": "attribute declaration that contradicts itself"
    "A declaration has either a default or a fixed value, either a `type` or a type written on the spot; with a default \
     it is optional."
    source "XML Schema 1.0, part 1, section 3.2.3, Attribute Declaration Representation OK"
    example "<xs:attribute name=\"a\" default=\"1\" fixed=\"2\"/>\n"
    remedy "leave one of the two out"

    "PC1017" SrcCt "src-ct": "complex type whose content is not of its base's kind"
    "`xs:complexContent` derives from a complex type. `xs:simpleContent` derives from a type with simple content; an \
     extension may start from a simple type, a restriction from mixed content that may be empty."
    source "XML Schema 1.0, part 1, section 3.4.3, Complex Type Definition Representation OK"
    example "<xs:complexType name=\"a\">\n  <xs:complexContent><xs:extension base=\"xs:string\"/></xs:complexContent>\n</xs:complexType>\n"
    remedy "use the other kind of content, or another base"

    "PC1018" SrcRestrictionBase "src-restriction-base-or-simpleType": "simple restriction without one base"
    "A restriction of a simple type has either the attribute `base` or an `xs:simpleType` inside."
    source "XML Schema 1.0, part 2, section 4.1.2.1"
    example "<xs:simpleType name=\"a\"><xs:restriction/></xs:simpleType>\n"
    remedy "write one of the two"

    "PC1019" SrcListItem "src-list-itemType-or-simpleType": "list without one item type"
    "A list has either the attribute `itemType` or an `xs:simpleType` inside."
    source "XML Schema 1.0, part 2, section 4.1.2.2"
    example "<xs:simpleType name=\"a\"><xs:list/></xs:simpleType>\n"
    remedy "write one of the two"

    "PC1020" SrcUnionMembers "src-union-memberTypes-or-simpleTypes": "union without members"
    "A union has members: named in `memberTypes`, or written as `xs:simpleType` inside."
    source "XML Schema 1.0, part 2, section 4.1.2.3"
    example "<xs:simpleType name=\"a\"><xs:union/></xs:simpleType>\n"
    remedy "write at least one member type"

    "PC1021" SrcSingleFacetValue "src-single-facet-value": "facet that stands twice"
    "A step of restriction gives each facet once; `pattern` and `enumeration` alone may stand several times."
    source "XML Schema 1.0, part 2, section 4.3, Single Facet Value"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:maxLength value=\"1\"/>\n    <xs:maxLength value=\"2\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "leave one of them out"

    "PC1022" SrcRedefine "src-redefine": "redefinition that is none"
    "What stands in `xs:redefine` changes what the document it names declares: a type is derived from itself, a group \
     contains itself once or restricts what it was."
    source "XML Schema 1.0, part 1, section 4.2.2, Redefinition Constraints and Semantics"
    example "<xs:redefine schemaLocation=\"redefined.xsd\"><xs:complexType name=\"T\"/></xs:redefine>\n"
    remedy "derive the type from itself by its name, or give it another name outside of `xs:redefine`"

    "PC1023" SrcExpredef "src-expredef": "redefinition of what is not there"
    "What stands in `xs:redefine` has the name of a type or group that the document it names declares, or one that this \
     includes, and nothing is redefined twice."
    source "XML Schema 1.0, part 1, section 4.2.2, Individual Component Redefinition"
    example "<xs:redefine schemaLocation=\"redefined.xsd\"><xs:simpleType name=\"N\"><xs:restriction base=\"N\"/></xs:simpleType></xs:redefine>\n"
    remedy "write the name of what is declared there, or declare it outside of `xs:redefine`"

    // ---- PC11xx: components ----

    "PC1101" SchPropsCorrect "sch-props-correct": "name that is declared twice"
    "In one target namespace each element, attribute, group, attribute group and type has a name of its own; simple and \
     complex types share theirs. Where two imported documents of one namespace declare a name, the first declaration \
     counts and the second is a warning."
    source "XML Schema 1.0, part 1, section 3.15.6, Schema Properties Correct"
    example "<xs:element name=\"a\"/>\n<xs:element name=\"a\"/>\n"
    remedy "rename or remove one of the two"

    "PC1102" APropsCorrect "a-props-correct": "attribute whose default or fixed value is none of its type"
    "The default or fixed value of an attribute is a value of its type."
    source "XML Schema 1.0, part 1, section 3.2.6, Attribute Declaration Properties Correct"
    example "<xs:attribute name=\"a\" type=\"xs:integer\" default=\"one\"/>\n"
    remedy "correct the value or the type"

    "PC1103" NoXmlns "no-xmlns": "attribute called `xmlns`"
    "`xmlns` declares namespaces: no attribute can have this name."
    source "XML Schema 1.0, part 1, section 3.2.6, xmlns Not Allowed"
    example "<xs:attribute name=\"xmlns\"/>\n"
    remedy "give the attribute another name"

    "PC1104" NoXsi "no-xsi": "attribute in the namespace of `xsi:type`"
    "The four attributes of the namespace `http://www.w3.org/2001/XMLSchema-instance` are built in, and there are no \
     others."
    source "XML Schema 1.0, part 1, section 3.2.6, xsi: Not Allowed"
    example "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"\n  targetNamespace=\"http://www.w3.org/2001/XMLSchema-instance\">\n  <xs:attribute name=\"a\"/>\n</xs:schema>\n"
    remedy "declare the attribute in another namespace"

    "PC1105" EPropsCorrect "e-props-correct": "element whose default or fixed value it cannot have"
    "The default or fixed value of an element is a value of its type."
    source "XML Schema 1.0, part 1, section 3.3.6, Element Declaration Properties Correct"
    example "<xs:element name=\"a\" type=\"xs:integer\" default=\"one\"/>\n"
    remedy "correct the value or the type"

    "PC1106" CosValidDefault "cos-valid-default": "default or fixed value of an element that holds no text"
    "A default or fixed value needs an element with simple content, or with mixed content that may be empty."
    source "XML Schema 1.0, part 1, section 3.3.6, Element Default Valid (Immediate)"
    example "<xs:element name=\"a\" default=\"1\">\n  <xs:complexType>\n    <xs:sequence><xs:element name=\"b\"/></xs:sequence>\n  </xs:complexType>\n</xs:element>\n"
    remedy "leave the value out, or give the element another type"

    "PC1107" CtPropsCorrect "ct-props-correct": "complex type that cannot be"
    "A complex type is not derived from itself, and has no two attributes of one name."
    source "XML Schema 1.0, part 1, section 3.4.6, Complex Type Definition Properties Correct"
    example "<xs:complexType name=\"a\">\n  <xs:attribute name=\"b\"/>\n  <xs:attribute name=\"b\"/>\n</xs:complexType>\n"
    remedy "remove one of the two, or change the base"

    "PC1108" CosCtExtends "cos-ct-extends": "extension of content that cannot be extended so"
    "An extension appends to the content of its base: both are mixed or neither is, and neither is an `xs:all`."
    source "XML Schema 1.0, part 1, section 3.4.6, Derivation Valid (Extension)"
    example "<xs:complexType name=\"a\" mixed=\"true\">\n  <xs:sequence><xs:element name=\"b\"/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:extension base=\"a\">\n      <xs:sequence><xs:element name=\"d\"/></xs:sequence>\n    </xs:extension>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "make both mixed, or use `xs:sequence` in both"

    "PC1109" DerivationOkRestriction "derivation-ok-restriction": "restriction that allows more than its base"
    "Whatever is valid by a restriction is valid by its base too: attributes that are required stay so, their types and \
     values and the content are the same or narrower."
    source "XML Schema 1.0, part 1, section 3.4.6, Derivation Valid (Restriction, Complex)"
    example "<xs:complexType name=\"a\"/>\n<xs:complexType name=\"b\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\"><xs:attribute name=\"c\"/></xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "allow no more than the base, or derive by extension"

    "PC1110" AuPropsCorrect "au-props-correct": "reference to an attribute with another value than its own"
    "A value in a reference is one of the attribute's type. Where the attribute has a fixed value, a reference to it can \
     only repeat that."
    source "XML Schema 1.0, part 1, section 3.5.6, Attribute Use Correct"
    example "<xs:attribute name=\"a\" fixed=\"1\"/>\n<xs:complexType name=\"b\">\n  <xs:attribute ref=\"a\" fixed=\"2\"/>\n</xs:complexType>\n"
    remedy "leave the value out of the reference"

    "PC1111" AgPropsCorrect "ag-props-correct": "attribute group with two attributes of one name"
    "The attributes of a group, with those of the groups that it refers to, have names of their own."
    source "XML Schema 1.0, part 1, section 3.6.6, Attribute Group Definition Properties Correct"
    example "<xs:attributeGroup name=\"a\">\n  <xs:attribute name=\"b\"/>\n  <xs:attribute name=\"b\"/>\n</xs:attributeGroup>\n"
    remedy "remove one of the two"

    "PC1112" SrcAttributeGroup "src-attribute_group": "attribute group that contains itself"
    "An attribute group must not refer to itself, nor to one that does."
    source "XML Schema 1.0, part 1, section 3.6.3, Attribute Group Definition Representation OK"
    example "<xs:attributeGroup name=\"a\">\n  <xs:attributeGroup ref=\"a\"/>\n</xs:attributeGroup>\n"
    remedy "remove the reference"

    "PC1113" MgPropsCorrect "mg-props-correct": "model group that contains itself"
    "A group must not refer to itself, nor to one that does: its content would have no end."
    source "XML Schema 1.0, part 1, section 3.8.6, Model Group Correct"
    example "<xs:group name=\"a\">\n  <xs:sequence><xs:group ref=\"a\"/></xs:sequence>\n</xs:group>\n"
    remedy "refer to an element that has the group in its content instead"

    "PC1114" CosAllLimited "cos-all-limited": "`xs:all` where it cannot stand"
    "`xs:all` is the whole of a content model, occurs at most once, and its elements do too."
    source "XML Schema 1.0, part 1, section 3.8.6, All Group Limited"
    example "<xs:complexType name=\"a\">\n  <xs:all><xs:element name=\"b\" maxOccurs=\"2\"/></xs:all>\n</xs:complexType>\n"
    remedy "use `xs:sequence` or `xs:choice`, or let each element occur at most once"

    "PC1115" CosElementConsistent "cos-element-consistent": "two types for one name in a content model"
    "Elements of one name within a content model have one type, so that the name alone tells the type."
    source "XML Schema 1.0, part 1, section 3.8.6, Element Declarations Consistent"
    example "<xs:complexType name=\"a\">\n  <xs:sequence>\n    <xs:element name=\"b\" type=\"xs:string\"/>\n    <xs:element name=\"b\" type=\"xs:integer\"/>\n  </xs:sequence>\n</xs:complexType>\n"
    remedy "give both the same named type, or rename one"

    "PC1116" CosNonambig "cos-nonambig": "content model in which an element could stand for two particles"
    "What an element is declared as is known by its name and what stands before it, without looking ahead (Unique \
     Particle Attribution)."
    source "XML Schema 1.0, part 1, section 3.8.6, Unique Particle Attribution"
    example "<xs:complexType name=\"a\">\n  <xs:sequence>\n    <xs:element name=\"b\" minOccurs=\"0\"/>\n    <xs:element name=\"b\"/>\n  </xs:sequence>\n</xs:complexType>\n"
    remedy "write the content so that only one of the two can follow here"

    "PC1117" PPropsCorrect "p-props-correct": "particle that occurs at least more often than at most"
    "`minOccurs` is not greater than `maxOccurs`."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Correct"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:element name=\"b\" minOccurs=\"2\"/></xs:sequence>\n</xs:complexType>\n"
    remedy "give a `maxOccurs` that is at least `minOccurs`"

    "PC1118" CosParticleRestrict "cos-particle-restrict": "content that pairs with nothing in the base"
    "A restriction keeps the shape of its base's content: each particle has its counterpart, and only some kinds of \
     groups can restrict others."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Valid (Restriction)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:element name=\"b\"/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent><xs:restriction base=\"a\"/></xs:complexContent>\n</xs:complexType>\n"
    remedy "write the content as in the base, with fewer choices"

    "PC1119" RcaseNameAndTypeOk "rcase-NameAndTypeOK": "element that does not restrict that of the base"
    "An element restricts one of the same name, occurs no less and no more often, is nillable only if that is, keeps its \
     fixed value, and has its type or a restriction of it."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Restriction OK (Elt:Elt)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:element name=\"b\"/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence><xs:element name=\"d\"/></xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "declare the element as the base does, or narrower"

    "PC1120" RcaseNsCompat "rcase-NSCompat": "element that the wildcard of the base does not take"
    "An element restricts a wildcard that allows its namespace, and occurs no less and no more often."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (Elt:Any)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:any namespace=\"##other\"/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence><xs:element name=\"d\"/></xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "use an element of a namespace that the base allows"

    "PC1121" RcaseNsSubset "rcase-NSSubset": "wildcard that allows more than that of the base"
    "A wildcard restricts one that allows the same namespaces or more, is as strict, and occurs no less and no more often."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (Any:Any)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:any namespace=\"##local\"/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence><xs:any/></xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "allow no other namespaces than the base"

    "PC1122" RcaseNsRecurse "rcase-NSRecurseCheckCardinality": "group that is more or less than the wildcard of the base takes"
    "A group restricts a wildcard if that takes each of its members, and as many as they are together."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (All/Choice/Sequence:Any)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence><xs:any/></xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence>\n        <xs:element name=\"d\"/>\n        <xs:element name=\"e\"/>\n      </xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "use as many elements as the base allows"

    "PC1123" RcaseRecurse "rcase-Recurse": "sequence or `xs:all` that does not follow that of the base"
    "Each member restricts one of the base, in the same order; what is left out may be absent there."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (All:All,Sequence:Sequence)"
    example "<xs:complexType name=\"a\">\n  <xs:sequence maxOccurs=\"2\">\n    <xs:element name=\"b\"/>\n    <xs:element name=\"e\"/>\n  </xs:sequence>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence maxOccurs=\"3\">\n        <xs:element name=\"b\"/>\n        <xs:element name=\"e\"/>\n      </xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "write the members in the order of the base, and leave out only what may be absent"

    "PC1124" RcaseRecurseLax "rcase-RecurseLax": "choice that does not follow that of the base"
    "Each alternative restricts one of the base, in the same order."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (Choice:Choice)"
    example "<xs:complexType name=\"a\">\n  <xs:choice><xs:element name=\"b\"/><xs:element name=\"e\"/></xs:choice>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:choice><xs:element name=\"e\"/><xs:element name=\"b\"/></xs:choice>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "write the alternatives in the order of the base"

    "PC1125" RcaseRecurseUnordered "rcase-RecurseUnordered": "sequence that is no order of the `xs:all` of the base"
    "Each member restricts another one of the base's `xs:all`; what is left out may be absent there."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (Sequence:All)"
    example "<xs:complexType name=\"a\">\n  <xs:all>\n    <xs:element name=\"b\"/>\n    <xs:element name=\"d\"/>\n  </xs:all>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence>\n        <xs:element name=\"b\"/>\n        <xs:element name=\"b\"/>\n      </xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "keep every member that the base requires"

    "PC1126" RcaseMapAndSum "rcase-MapAndSum": "sequence that is more or less than the choice of the base takes"
    "Each member restricts an alternative of the base's choice, and together they are as many as that may be repeated."
    source "XML Schema 1.0, part 1, section 3.9.6, Particle Derivation OK (Sequence:Choice)"
    example "<xs:complexType name=\"a\">\n  <xs:choice><xs:element name=\"b\"/><xs:element name=\"d\"/></xs:choice>\n</xs:complexType>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:restriction base=\"a\">\n      <xs:sequence>\n        <xs:element name=\"b\"/>\n        <xs:element name=\"d\"/>\n      </xs:sequence>\n    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "use as many members as the choice of the base may be repeated"

    "PC1127" CosAwIntersect "cos-aw-intersect": "two wildcards whose intersection cannot be expressed"
    "The namespaces that two `xs:anyAttribute` both allow must be such as one can say. `##other` of two namespaces is not."
    source "XML Schema 1.0, part 1, section 3.10.6, Attribute Wildcard Intersection"
    example "<xs:import namespace=\"urn:a\" schemaLocation=\"other_namespace.xsd\"/>\n<xs:import namespace=\"urn:b\" schemaLocation=\"third_namespace.xsd\"/>\n<xs:complexType name=\"c\">\n  <xs:attributeGroup xmlns:a=\"urn:a\" ref=\"a:g\"/>\n  <xs:attributeGroup xmlns:b=\"urn:b\" ref=\"b:g\"/>\n</xs:complexType>\n"
    remedy "list the namespaces in one of the two"

    "PC1128" CosAwUnion "cos-aw-union": "two wildcards whose union cannot be expressed"
    "The namespaces that one of two `xs:anyAttribute` allows must be such as one can say. `##other` together with \
     `##local` is not."
    source "XML Schema 1.0, part 1, section 3.10.6, Attribute Wildcard Union"
    example "<xs:import namespace=\"urn:a\" schemaLocation=\"other_namespace.xsd\"/>\n<xs:complexType name=\"c\">\n  <xs:complexContent>\n    <xs:extension xmlns:a=\"urn:a\" base=\"a:t\">\n      <xs:anyAttribute namespace=\"##local\"/>\n    </xs:extension>\n  </xs:complexContent>\n</xs:complexType>\n"
    remedy "use `##any`, or list the namespaces in both"

    "PC1129" StPropsCorrect "st-props-correct": "simple type that cannot be"
    "A simple type is derived from a simple type, in the end from a built-in one, and never from itself."
    source "XML Schema 1.0, part 1, section 3.14.6, Simple Type Definition Properties Correct"
    example "<xs:simpleType name=\"a\"><xs:restriction base=\"a\"/></xs:simpleType>\n"
    remedy "derive it from another type"

    "PC1130" CosStRestricts "cos-st-restricts": "simple type made from what it cannot be made from"
    "An atomic type restricts an atomic one, the items of a list are no lists, and anySimpleType is restricted by the \
     built-in types alone."
    source "XML Schema 1.0, part 1, section 3.14.6, Derivation Valid (Restriction, Simple)"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:anySimpleType\"/>\n</xs:simpleType>\n"
    remedy "derive it from another type"

    "PC1131" NPropsCorrect "n-props-correct": "notation without an identifier"
    "A notation has a public identifier, a system identifier, or both."
    source "XML Schema 1.0, part 1, section 3.12.6, Notation Declaration Correct"
    example "<xs:notation name=\"gif\"/>\n"
    remedy "say what the notation is: `public=\"image/gif\"`"
    "PC1132" CPropsCorrect "c-props-correct": "reference that is none to a key, or to one with other fields"
    "What an `xs:keyref` refers to is an `xs:key` or an `xs:unique`, and has as many fields as the reference."
    source "XML Schema 1.0, part 1, section 3.11.6, Identity-constraint Definition Properties Correct"
    example "<xs:element name=\"a\">\n  <xs:key name=\"k\">\n    <xs:selector xpath=\"b\"/>\n    <xs:field xpath=\"@c\"/>\n  </xs:key>\n  <xs:keyref name=\"r\" refer=\"k\">\n    <xs:selector xpath=\"b\"/>\n    <xs:field xpath=\"@d\"/>\n    <xs:field xpath=\"@e\"/>\n  </xs:keyref>\n</xs:element>\n"
    remedy "give both the same number of fields"

    "PC1133" CSelectorXpath "c-selector-xpath": "selector that is no path to elements"
    "A selector is written in a small part of XPath: paths of names, `*` and `.`, with `/` between the steps and `|` \
     between the paths; `.//` only at the beginning of a path. It leads to elements, never to attributes."
    source "XML Schema 1.0, part 1, section 3.11.6, Selector Value OK"
    example "<xs:element name=\"a\">\n  <xs:key name=\"k\">\n    <xs:selector xpath=\"//b\"/>\n    <xs:field xpath=\"@c\"/>\n  </xs:key>\n</xs:element>\n"
    remedy "write a path such as `.//b`"

    "PC1134" CFieldsXpaths "c-fields-xpaths": "field that is no path to elements or attributes"
    "A field is written as a selector is, but for its last step, which may lead to an attribute: `@name`. Functions, \
     predicates and other axes are not part of that."
    source "XML Schema 1.0, part 1, section 3.11.6, Fields Value OK"
    example "<xs:element name=\"a\">\n  <xs:key name=\"k\">\n    <xs:selector xpath=\"b\"/>\n    <xs:field xpath=\"c[1]\"/>\n  </xs:key>\n</xs:element>\n"
    remedy "write a path such as `c` or `@c`"

    // ---- PC12xx: facets ----

    "PC1201" PatternSyntax "pattern-syntax": "pattern that is no regular expression of XSD"
    "Patterns are written in the language of the Recommendation, which is not that of Perl or of a programming language: \
     there are no anchors, no look-around and no lazy quantifiers."
    source "XML Schema 1.0, part 2, appendix F"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:pattern value=\"[a\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct the pattern at this character"

    "PC1202" CosApplicableFacets "cos-applicable-facets": "facet that the type does not have"
    "Each type has certain facets: lengths are for texts, bounds for numbers and times, digits for decimal numbers."
    source "XML Schema 1.0, part 2, section 4.1.5, Applicable Facets"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:maxLength value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "use a facet of the type"

    "PC1203" CosListOfAtomic "cos-list-of-atomic": "list of lists"
    "The items of a list are separated by white space, so they cannot be lists, nor unions with a list among them."
    source "XML Schema 1.0, part 2, section 4.1.5, list of atomic"
    example "<xs:simpleType name=\"a\"><xs:list itemType=\"xs:NMTOKENS\"/></xs:simpleType>\n"
    remedy "use an item type that is no list"

    "PC1204" LengthMinLengthMaxLength "length-minLength-maxLength": "`length` that the other lengths contradict"
    "A type has a `length`, or `minLength` and `maxLength`; where it inherits one of them, the others leave room for it."
    source "XML Schema 1.0, part 2, section 4.3.1.4, length and minLength or maxLength"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:length value=\"1\"/>\n    <xs:maxLength value=\"2\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "leave one of the two out"

    "PC1205" LengthValidRestriction "length-valid-restriction": "`length` that is not that of the base"
    "A `length` that the base has stays as it is."
    source "XML Schema 1.0, part 2, section 4.3.1.4, length valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\"><xs:length value=\"1\"/></xs:restriction>\n</xs:simpleType>\n<xs:simpleType name=\"b\">\n  <xs:restriction base=\"a\"><xs:length value=\"2\"/></xs:restriction>\n</xs:simpleType>\n"
    remedy "write the length of the base, or leave it out"

    "PC1206" MinLengthMaxLength "minLength-less-than-equal-to-maxLength": "`minLength` above `maxLength`"
    "The least length is not greater than the greatest."
    source "XML Schema 1.0, part 2, section 4.3.2.4, minLength <= maxLength"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:minLength value=\"2\"/>\n    <xs:maxLength value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1207" MinLengthValidRestriction "minLength-valid-restriction": "`minLength` below that of the base"
    "A restriction allows nothing shorter than its base."
    source "XML Schema 1.0, part 2, section 4.3.2.4, minLength valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:minLength value=\"2\"/>\n  </xs:restriction>\n</xs:simpleType>\n<xs:simpleType name=\"b\">\n  <xs:restriction base=\"a\"><xs:minLength value=\"1\"/></xs:restriction>\n</xs:simpleType>\n"
    remedy "write at least the length of the base"

    "PC1208" MaxLengthValidRestriction "maxLength-valid-restriction": "`maxLength` above that of the base"
    "A restriction allows nothing longer than its base."
    source "XML Schema 1.0, part 2, section 4.3.3.4, maxLength valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:string\">\n    <xs:maxLength value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n<xs:simpleType name=\"b\">\n  <xs:restriction base=\"a\"><xs:maxLength value=\"2\"/></xs:restriction>\n</xs:simpleType>\n"
    remedy "write at most the length of the base"

    "PC1209" EnumerationValidRestriction "enumeration-valid-restriction": "enumerated value that is none of the base"
    "Every value that is listed is a value of the base type."
    source "XML Schema 1.0, part 2, section 4.3.5.4, enumeration valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:enumeration value=\"one\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct the value, or use another base"

    "PC1210" WhiteSpaceValidRestriction "whiteSpace-valid-restriction": "white space kept that the base does not keep"
    "From `preserve` over `replace` to `collapse` white space can only be treated more strictly than by the base."
    source "XML Schema 1.0, part 2, section 4.3.6.4, whiteSpace valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:token\">\n    <xs:whiteSpace value=\"preserve\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "leave the facet out, or use a base that keeps white space"

    "PC1211" MinInclusiveMaxInclusive "minInclusive-less-than-equal-to-maxInclusive": "`minInclusive` above `maxInclusive`"
    "The lower bound is not greater than the upper one."
    source "XML Schema 1.0, part 2, section 4.3.7.4, minInclusive <= maxInclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:minInclusive value=\"2\"/>\n    <xs:maxInclusive value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1212" MaxInclusiveValidRestriction "maxInclusive-valid-restriction": "`maxInclusive` that is none of the base's values"
    "A bound is a value of the base type, and within its bounds."
    source "XML Schema 1.0, part 2, section 4.3.7.4, maxInclusive valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:byte\">\n    <xs:maxInclusive value=\"200\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "write a value within the bounds of the base"

    "PC1213" MaxInclusiveMaxExclusive "maxInclusive-maxExclusive": "two upper bounds"
    "A step of restriction gives `maxInclusive` or `maxExclusive`, not both."
    source "XML Schema 1.0, part 2, section 4.3.8.4, maxInclusive and maxExclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:maxInclusive value=\"1\"/>\n    <xs:maxExclusive value=\"2\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "leave one of the two out"

    "PC1214" MinExclusiveMaxExclusive "minExclusive-less-than-equal-to-maxExclusive": "`minExclusive` above `maxExclusive`"
    "The lower bound is not greater than the upper one."
    source "XML Schema 1.0, part 2, section 4.3.8.4, minExclusive <= maxExclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:minExclusive value=\"2\"/>\n    <xs:maxExclusive value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1215" MaxExclusiveValidRestriction "maxExclusive-valid-restriction": "`maxExclusive` that is none of the base's values"
    "A bound is a value of the base type, and within its bounds or where an exclusive one of the base is."
    source "XML Schema 1.0, part 2, section 4.3.8.4, maxExclusive valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:byte\">\n    <xs:maxExclusive value=\"200\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "write a value within the bounds of the base"

    "PC1216" MinInclusiveMinExclusive "minInclusive-minExclusive": "two lower bounds"
    "A step of restriction gives `minInclusive` or `minExclusive`, not both."
    source "XML Schema 1.0, part 2, section 4.3.9.4, minInclusive and minExclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:minInclusive value=\"1\"/>\n    <xs:minExclusive value=\"0\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "leave one of the two out"

    "PC1217" MinExclusiveMaxInclusive "minExclusive-less-than-maxInclusive": "`minExclusive` that is not below `maxInclusive`"
    "The lower bound, itself excluded, is less than the upper one."
    source "XML Schema 1.0, part 2, section 4.3.9.4, minExclusive < maxInclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:minExclusive value=\"1\"/>\n    <xs:maxInclusive value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1218" MinExclusiveValidRestriction "minExclusive-valid-restriction": "`minExclusive` that is none of the base's values"
    "A bound is a value of the base type, and within its bounds or where an exclusive one of the base is."
    source "XML Schema 1.0, part 2, section 4.3.9.4, minExclusive valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:byte\">\n    <xs:minExclusive value=\"-200\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "write a value within the bounds of the base"

    "PC1219" MinInclusiveMaxExclusive "minInclusive-less-than-maxExclusive": "`minInclusive` that is not below `maxExclusive`"
    "The lower bound is less than the upper one, which is itself excluded."
    source "XML Schema 1.0, part 2, section 4.3.10.4, minInclusive < maxExclusive"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:minInclusive value=\"1\"/>\n    <xs:maxExclusive value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1220" MinInclusiveValidRestriction "minInclusive-valid-restriction": "`minInclusive` that is none of the base's values"
    "A bound is a value of the base type, and within its bounds."
    source "XML Schema 1.0, part 2, section 4.3.10.4, minInclusive valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:byte\">\n    <xs:minInclusive value=\"-200\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "write a value within the bounds of the base"

    "PC1221" TotalDigitsValidRestriction "totalDigits-valid-restriction": "`totalDigits` above that of the base"
    "A restriction allows no more digits than its base."
    source "XML Schema 1.0, part 2, section 4.3.11.4, totalDigits valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:decimal\">\n    <xs:totalDigits value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n<xs:simpleType name=\"b\">\n  <xs:restriction base=\"a\"><xs:totalDigits value=\"2\"/></xs:restriction>\n</xs:simpleType>\n"
    remedy "write at most the digits of the base"

    "PC1222" FractionDigitsTotalDigits "fractionDigits-less-than-equal-to-totalDigits": "`fractionDigits` above `totalDigits`"
    "The digits behind the point are not more than all digits."
    source "XML Schema 1.0, part 2, section 4.3.12.4, fractionDigits less than or equal to totalDigits"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:decimal\">\n    <xs:totalDigits value=\"1\"/>\n    <xs:fractionDigits value=\"2\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "correct one of the two"

    "PC1223" FractionDigitsValidRestriction "fractionDigits-valid-restriction": "`fractionDigits` above that of the base"
    "A restriction allows no more digits behind the point than its base; whole numbers have none."
    source "XML Schema 1.0, part 2, section 4.3.12.4, fractionDigits valid restriction"
    example "<xs:simpleType name=\"a\">\n  <xs:restriction base=\"xs:integer\">\n    <xs:fractionDigits value=\"1\"/>\n  </xs:restriction>\n</xs:simpleType>\n"
    remedy "write at most the digits of the base"

    "PC1224" EnumerationRequiredNotation "enumeration-required-notation": "NOTATION without an enumeration"
    "`xs:NOTATION` itself is the type of no element or attribute: a type derived from it names the notations that may be \
     there."
    source "XML Schema 1.0, part 2, section 3.2.19, enumeration facet value required for NOTATION"
    example "<xs:element name=\"a\" type=\"xs:NOTATION\"/>\n"
    remedy "derive a type from `xs:NOTATION` with an `xs:enumeration` for each notation"
    } } };
}
