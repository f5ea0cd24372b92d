/* expat: events, each passed to a function; one parser, reset for every message. */
#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

typedef struct {
    XML_Parser parser;
    const char *item;
    long items;
    unsigned long events;
} State;

static void XMLCALL start(void *data, const XML_Char *name, const XML_Char **attributes) {
    State *peer = data;
    (void)attributes;
    peer->events++;
    if (peer->item && !strcmp(name, peer->item)) {
        peer->items++;
    }
}

static void XMLCALL end(void *data, const XML_Char *name) {
    State *peer = data;
    (void)name;
    peer->events++;
}

static void XMLCALL text(void *data, const XML_Char *bytes, int length) {
    State *peer = data;
    (void)bytes;
    (void)length;
    peer->events++;
}

PEER_NEW(expat) {
    State *peer = calloc(1, sizeof(State));
    (void)schema;
    if (peer) {
        peer->parser = XML_ParserCreate(NULL);
    }
    return peer;
}

PEER_READ(expat) {
    State *peer = state;
    if (length > INT_MAX || !peer->parser || !XML_ParserReset(peer->parser, NULL)) {
        return -1;
    }
    peer->item = item;
    peer->items = 0;
    XML_SetUserData(peer->parser, peer);
    XML_SetElementHandler(peer->parser, start, end);
    XML_SetCharacterDataHandler(peer->parser, text);
    return XML_Parse(peer->parser, bytes, (int)length, XML_TRUE) == XML_STATUS_OK ? peer->items : -1;
}

PEER_FREE(expat) {
    State *peer = state;
    if (peer->parser) {
        XML_ParserFree(peer->parser);
    }
    free(peer);
}
