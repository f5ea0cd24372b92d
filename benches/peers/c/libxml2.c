/* libxml2: a tree, checked by a schema that is compiled once; parser and validator are reused. */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <limits.h>
#include <stdlib.h>

#include "peer.h"

typedef struct {
    xmlParserCtxtPtr parser;
    xmlSchemaPtr schema;
    xmlSchemaValidCtxtPtr validator;
} State;

static long count(const xmlNode *node, const xmlChar *item) {
    long found = 0;
    for (; node; node = node->next) {
        found += node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, item);
        found += count(node->children, item);
    }
    return found;
}

PEER_FREE(libxml2) {
    State *peer = state;
    xmlSchemaFreeValidCtxt(peer->validator);
    xmlSchemaFree(peer->schema);
    xmlFreeParserCtxt(peer->parser);
    free(peer);
}

PEER_NEW(libxml2) {
    State *peer = calloc(1, sizeof(State));
    xmlSchemaParserCtxtPtr compiler = xmlSchemaNewParserCtxt(schema);
    if (peer && compiler) {
        peer->parser = xmlNewParserCtxt();
        peer->schema = xmlSchemaParse(compiler);
        peer->validator = peer->schema ? xmlSchemaNewValidCtxt(peer->schema) : NULL;
    }
    xmlSchemaFreeParserCtxt(compiler);
    if (peer && (!peer->parser || !peer->validator)) {
        libxml2_free(peer);
        return NULL;
    }
    return peer;
}

PEER_READ(libxml2) {
    State *peer = state;
    if (length > INT_MAX) {
        return -1;
    }
    int options = XML_PARSE_NONET | XML_PARSE_HUGE;
    xmlDocPtr document = xmlCtxtReadMemory(peer->parser, bytes, (int)length, NULL, NULL, options);
    if (!document) {
        return -1;
    }
    long found = xmlSchemaValidateDoc(peer->validator, document) ? -1 : 0;
    if (item && !found) {
        found = count(xmlDocGetRootElement(document), (const xmlChar *)item);
    }
    xmlFreeDoc(document);
    return found;
}
