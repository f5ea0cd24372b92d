/* What each peer offers: the same three functions, so that one caller in Rust serves all. */
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is made once: NULL if it cannot be. `schema` is the path of a schema, or NULL. */
#define PEER_NEW(name) void *name##_new(const char *schema)

/* Reads a message. Returns how many elements are called `item`, or 0 if it is NULL; -1 if the message is refused. */
#define PEER_READ(name) long name##_read(void *state, const char *bytes, size_t length, const char *item)

/* Releases what `new` made. */
#define PEER_FREE(name) void name##_free(void *state)

PEER_NEW(rapidxml);
PEER_READ(rapidxml);
PEER_FREE(rapidxml);
PEER_NEW(pugixml);
PEER_READ(pugixml);
PEER_FREE(pugixml);
PEER_NEW(expat);
PEER_READ(expat);
PEER_FREE(expat);
PEER_NEW(libxml2);
PEER_READ(libxml2);
PEER_FREE(libxml2);

#ifdef __cplusplus
}
#endif
