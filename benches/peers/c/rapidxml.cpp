/* rapidxml: a tree over the message. It writes into the message, so each is copied into a reused buffer, and
   its memory for nodes is reused as well. */
#include <cstring>
#include <vector>

#include <rapidxml/rapidxml.hpp>

#include "peer.h"

namespace {

struct State {
    std::vector<char> buffer;
    rapidxml::xml_document<> document;
};

long count(const rapidxml::xml_node<> *node, const char *item) {
    long found = 0;
    for (auto child = node->first_node(); child; child = child->next_sibling()) {
        bool is_element = child->type() == rapidxml::node_element;
        found += is_element && child->name_size() == std::strlen(item) && !std::memcmp(child->name(), item, child->name_size());
        found += count(child, item);
    }
    return found;
}

}

PEER_NEW(rapidxml) {
    (void)schema;
    return new State;
}

PEER_READ(rapidxml) {
    auto *peer = static_cast<State *>(state);
    peer->buffer.resize(length + 1);
    std::memcpy(peer->buffer.data(), bytes, length);
    peer->buffer[length] = '\0';
    peer->document.clear();
    try {
        peer->document.parse<rapidxml::parse_default>(peer->buffer.data());
    } catch (const rapidxml::parse_error &) {
        return -1;
    }
    return item ? count(&peer->document, item) : 0;
}

PEER_FREE(rapidxml) {
    delete static_cast<State *>(state);
}
