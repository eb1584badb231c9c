/* channel.h - one end of a message channel: the struct that channel.c, receive.c, send.c (Lua), wire.c
   (the descriptors), wire_in.c and wire_out.c (the bytes) share. */
#ifndef PROCRUN_CHANNEL_H
#define PROCRUN_CHANNEL_H

#include "runtime/bell.h"
#include "runtime/handle.h"
#include "runtime/lines.h"
#include "runtime/turn.h"

enum {
  CHANNEL_HIGH = 1024 * 1024,         /* a sender waits while more than this is queued */
  CHANNEL_INBOX = 1024 * 1024,        /* reading stops at this many bytes with a whole line */
  CHANNEL_GATHER = 64 * 1024,         /* what a turn sends is gathered up to this */
  CHANNEL_CHUNK = 128 * 1024,         /* room for one read, when they come back full */
  CHANNEL_KEEP = 4 * 1024,            /* the same at first; what an empty buffer may keep */
  CHANNEL_MESSAGE = 64 * 1024 * 1024, /* longest line, unless the script says otherwise */
  CHANNEL_DEPTH = 1000,               /* deepest nesting of a message; more JSON cannot do here */
  CHANNEL_DRAIN =
      30, /* seconds without progress until what a disconnected peer has not read is lost */
  CHANNEL_LINGER = 5 /* seconds without a message until a peer that does not close is left alone */
};

typedef struct Channel {
  Handle base;              /* owns no libuv handle: the two polls are closed by wire.c */
  uv_poll_t poll, poll_out; /* poll_out only if the descriptors differ */
  int polls;                /* not yet closed by libuv */
  int fd_in, fd_out;      /* the same socket, or the two ends of a channel over stdio; -1: closed */
  int events, events_out; /* what is watched */
  bool hold;              /* keeps the process alive while the peer may still send */

  Buf in; /* the inbox: bytes as they came; a line is decoded when somebody takes it */
  Lines lines;
  size_t max_message;
  size_t chunk;  /* room for the next read */
  bool listened; /* there are listeners: the bell is rung for messages, too */
  bool peeked; /* likewise of Node's own messages: those are taken though nobody takes the others */
  bool eof;
  bool asked;    /* somebody has taken messages, or tried to */
  bool one_way;  /* a child's channel over stdio: the end of its input does not end its output */
  bool skipping; /* inside a line that is too long, or that nobody will take */
  bool taking;   /* a line is being decoded where it lies; may be left over by an error */
  unsigned too_long; /* lines dropped: to be told to the next taker */
  unsigned faults;   /* FAULT_…: likewise */
  uint64_t received; /* bytes that were read into the inbox and stayed there */
  WaitList readers;
  Bell *bell; /* also rung for arrivals; may be NULL */

  Buf out;       /* whole messages, and behind them the one that is being encoded */
  Buf late;      /* messages sent while another one was being encoded: by __tojson, by __gc */
  bool encoding; /* a message is being encoded into `out`; may be left over by an error */
  uint64_t queued, sent; /* bytes of whole messages accepted; given to the kernel */
  int write_error;       /* libuv code: the peer takes nothing any more */
  bool blocked;          /* the kernel is full */
  bool ending;           /* no more messages are accepted: half-close once all is out */
  bool half_closed;
  bool inside; /* the kernel has the beginning of a line, and not its end */
  WaitList writers;
  Turn turn;

  Deadline drain;    /* after the end of accepting: how long without progress until it is closed */
  Deadline patience; /* two peers that only send: a warning */
  bool warned, warning; /* was said; is to be said by the task that waits first */

  struct Handles *handles; /* handles.h; NULL until the first one goes or comes */
} Channel;

/* What came and is no message. */
enum {
  FAULT_UNCLAIMED = 1,     /* a descriptor without a line: closed */
  FAULT_NO_DESCRIPTOR = 2, /* a handle's line without a descriptor */
  FAULT_NO_ROOM = 4,       /* likewise: there was no room for it here */
  FAULT_WRONG = 8          /* a descriptor, or a type, that can be made into nothing */
};

/* What goes into the kernel by one call. */
typedef struct Piece {
  const char *bytes;
  size_t size;
  int fd;      /* goes along; or -1 */
  bool answer; /* no part of the outbox */
} Piece;

extern const HandleType channel_type;

void channel_look(Handle *h, lua_State *L); /* channel_look.c: for handle.h */

/* channel_trace.c: for TRACE_CHANNEL */
void channel_trace(const Channel *c, const char *event);
void channel_trace_message(const Channel *c, const char *event, const char *line, size_t size);

/* wire.c */
int wire_open(Channel *c, int fd_in, int fd_out); /* 0 or a libuv code: the descriptors are then the
                                                     caller's still */
void wire_update(Channel *c);                     /* watch what is wanted now */
void wire_drained(
    Channel *c);           /* all is out, or never will be: half-close or close, if that is due */
void wire_end(Channel *c); /* no more sends; EOF for the peer when everything is out */

/* receive.c and send.c: their methods go into the table on top of L */
void receive_define(lua_State *L);
void send_define(lua_State *L);

/* send_method(slow, misuse, [owner, channel]) -> the method `send` of all objects, or of one owner, who
   may also be called with a dot. All but a plain message alone is handed on to slow. */
int send_method(lua_State *L);

/* wire_in.c */
bool wire_has_line(Channel *c);
size_t wire_rest(Channel *c); /* bytes behind the last line: once at the end, half a message */
void wire_consume(Channel *c, size_t size); /* drops bytes from the head of the inbox */
bool wire_wants_input(Channel *c);
void wire_drop(Channel *c); /* empties the inbox of a channel that nobody has any more */
void wire_read(Channel *c); /* as much as the inbox takes, but not for ever */
void wire_pull(Channel *c); /* what the kernel holds, beyond the inbox's limit if need be */

/* wire_out.c */
size_t wire_unsent(const Channel *c); /* bytes of whole messages not given to the kernel */
void wire_send(Channel *c); /* a message was appended to `out`: send it now, or with others later */
void wire_flush(Channel *c);           /* as much as the kernel takes */
void wire_fail(Channel *c, int error); /* nothing more can be written */
void wire_wrote(Channel *c, size_t n); /* bytes of the outbox are done with */
bool wire_can_write(Channel *c);       /* is there something to go now? */
void wire_turn(Turn *turn);

/* send.c, for handles_lua.c */
int send_room(lua_State *L, Channel *c); /* waits until no more than 1 MiB is queued, if it can */
int send_refused(lua_State *L);          /* nil, "send: …", "EINVAL"; the reason stands on top */
int send_closed(lua_State *L, Channel *c);
Buf *send_box(lua_State *L); /* pushes a buffer that the collector frees */
bool send_is_closed(const Channel *c);

/* handles*.c: where c->handles is set, if nothing else is said */
ssize_t handles_receive(Channel *c, char *room, size_t size); /* also where it is not */
void handles_scan(Channel *c, size_t fresh);                  /* so many bytes have come */
void handles_too_long(Channel *c);
void handles_skipped(Channel *c); /* the rest of a line that was too long has come */
void handles_at_eof(Channel *c);
void handles_pass(Channel *c,
                  uint64_t at);      /* closes what belongs to lines in front of that place */
bool handles_full(const Channel *c); /* the inbox is not read on */
bool handles_unanswered(
    const Channel *c);               /* the peer has a handle of ours: its answer has to come */
bool handles_busy(const Channel *c); /* answers have to go */
bool handles_awaited(const Channel *c);
bool handles_piece(Channel *c, Piece *p);
void handles_wrote(Channel *c, const Piece *p, size_t n);
ssize_t handles_transmit(Channel *c, const Piece *p);
bool handles_settle(Channel *c); /* acts on an answer; false: nothing more can be written */
void handles_drop(Channel *c);   /* the inbox goes, with what nobody will take */
void handles_fail(Channel *c);
void handles_close(Channel *c);
void handles_free(Channel *c); /* also where it is not set */

/* The message on top came at this place of the inbox: "handle", message, handle | "internal", message */
int handles_take(lua_State *L, Channel *c, uint64_t at);
int handles_fault(lua_State *L, Channel *c); /* pushes the text of a fault, and takes it back */

#endif
