/* handles.h - sockets and servers that travel over a channel: what handles.c, handles_in.c (they come),
   handles_out.c (they go) and handles_lua.c share. A channel has this from its first handle on.

   The protocol is Node's. A line {"cmd":"NODE_HANDLE",…} carries one descriptor; nothing goes behind
   it before the peer has answered NODE_HANDLE_ACK, or NACK: then it goes once more. Our own answers
   pass by all that waits, or two peers that send handles to each other would wait for ever. */
#ifndef PROCRUN_CHANNEL_HANDLES_H
#define PROCRUN_CHANNEL_HANDLES_H

#include <sys/socket.h>
#include <sys/types.h>

#include "modules/channel/channel.h"

enum {
  HANDLES_PENDING = 16,        /* descriptors that came, and whose line is not yet complete */
  HANDLES_UNTAKEN = 256,       /* in the inbox; beyond that it is not read on */
  HANDLES_ANSWERS = 64 * 1024, /* bytes of answers that the peer has not read: likewise */
  HANDLES_RETRIES = 3,         /* a line that was refused goes so many times more */
  HANDLES_KEY = 4096           /* longest key of a server that is counted */
};

typedef enum HandleKind { KIND_NONE, KIND_SERVER, KIND_SOCKET, KIND_UDP } HandleKind;

/* A line in the outbox that carries a descriptor, until it is answered. */
typedef struct Outgoing {
  uint64_t start, end; /* its place in the stream of all messages */
  size_t offset;       /* bytes of it that the kernel has */
  int fd;
  int refusals;
  bool resting; /* it was refused, and goes again a little later */
  struct Outgoing *next;
} Outgoing;

/* A server of the peer, by its key as the JSON text has it, whose sockets we hold. */
typedef struct Key {
  char *text;
  size_t size;
  unsigned count;
  bool notify; /* the peer waits until the count is 0 */
  struct Key *next;
} Key;

/* A descriptor that belongs to a line in the inbox. */
typedef struct Incoming {
  uint64_t at; /* where the line starts: see Channel.received */
  int fd;
  HandleKind kind;
  Key *key; /* may be NULL; it is counted there */
  struct Incoming *next;
} Incoming;

/* What we ask the peer about the sockets of a server here. Its answers come in our order. */
typedef struct Ask {
  char *text; /* the key as JSON, without the quotes */
  size_t size;
  uint64_t asked, answered;
  int64_t count;
  bool closed;
  struct Ask *next;
} Ask;

typedef enum Verdict { VERDICT_NONE, VERDICT_TAKEN, VERDICT_REFUSED, VERDICT_DEAD } Verdict;

typedef struct Handles {
  Channel *channel;
  size_t partial;               /* bytes of the line at the end of the inbox that is not complete */
  int pending[HANDLES_PENDING]; /* -1: it was the other end of this channel, and is closed */
  int pending_count, pending_old; /* the old ones came with earlier reads */
  bool truncated;                 /* the kernel had no room for a descriptor */
  bool peer_known;                /* the kernel has been asked for: */
  ino_t peer;                     /* the inode of the other end; 0: not to be found out */
  bool owing; /* the line that is being skipped brought a handle: it is refused at its end */
  Incoming *in_first, *in_last;
  unsigned untaken;
  Key *keys;
  unsigned told;  /* faults that are not told again until a handle has come */
  char wrong[48]; /* the type or kind of the one that was refused */

  Buf answers;
  bool answering; /* the kernel has a part of an answer */
  Outgoing *out_first, *out_last;
  Outgoing *refused; /* for good; until they are asked for */
  Verdict verdict;   /* of the first one; acted on by the next flush */
  bool unanswered;   /* the peer has closed its end, but reads: there are no answers any more */
  Deadline retry;
  Ask *asks;
  WaitList askers;
} Handles;

/* handles.c */
Handles *handles_need(Channel *c); /* NULL: memory is out */
void handles_answer(Channel *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
Key *handles_key(Handles *h, const char *text,
                 size_t size);             /* counts one more; NULL: not counted */
void handles_let_go(Channel *c, Key *key); /* one less; NULL is fine */
Ask *handles_ask(Handles *h, const char *text, size_t size, bool make);
Incoming *handles_pop(Channel *c); /* the first one, for the caller to free */

/* handles_out.c: the line behind all others, which is about to be appended to the outbox */
bool handles_queue(Channel *c, int fd, uint64_t start, uint64_t end);

/* handles_line.c - a line of the protocol, read without making Lua values */
typedef enum LineKind {
  LINE_OTHER,
  LINE_HANDLE,
  LINE_ACK,
  LINE_NACK,
  LINE_GET_COUNT,
  LINE_COUNT,
  LINE_NOTIFY_CLOSE,
  LINE_ALL_CLOSED
} LineKind;

typedef struct Line {
  LineKind kind;
  const char *type, *key; /* within the line, as they stand there; NULL: none */
  size_t type_size, key_size;
  int64_t count;
} Line;

void handles_read_line(const char *text, size_t size, Line *line);
HandleKind handles_kind(int fd, const Line *line, char *wrong,
                        size_t room); /* what it is made into */

/* handles_self.c */
bool handles_is_self(Channel *c, int fd); /* is it the other end of this channel? */

/* handles_lua.c */
void handles_define(lua_State *L);

#endif
