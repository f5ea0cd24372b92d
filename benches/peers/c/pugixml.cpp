/* pugixml: a tree over the message. It writes into the message, so each is copied into a reused buffer. */
#include <cstring>
#include <vector>

#include <pugixml.hpp>

#include "peer.h"

namespace {

struct State {
    std::vector<char> buffer;
    pugi::xml_document document;
};

long count(const pugi::xml_node &node, const char *item) {
    long found = 0;
    for (const auto &child : node.children()) {
        found += !std::strcmp(child.name(), item);
        found += count(child, item);
    }
    return found;
}

}

PEER_NEW(pugixml) {
    (void)schema;
    return new State;
}

PEER_READ(pugixml) {
    auto *peer = static_cast<State *>(state);
    peer->buffer.resize(length);
    std::memcpy(peer->buffer.data(), bytes, length);
    if (!peer->document.load_buffer_inplace(peer->buffer.data(), length)) {
        return -1;
    }
    return item ? count(peer->document, item) : 0;
}

PEER_FREE(pugixml) {
    delete static_cast<State *>(state);
}
