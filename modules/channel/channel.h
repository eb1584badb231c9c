/* channel.h - one end of a message channel: the struct that channel.c (Lua), wire.c (bytes) share. */
#ifndef PROCRUN_CHANNEL_H
#define PROCRUN_CHANNEL_H

#include "runtime/bell.h"
#include "runtime/handle.h"
#include "runtime/lines.h"
#include "runtime/turn.h"

enum {
  CHANNEL_HIGH = 1024 * 1024,       /* a sender waits while more than this is queued */
  CHANNEL_INBOX = 1024 * 1024,      /* reading stops at this many bytes of complete lines */
  CHANNEL_GATHER = 64 * 1024,       /* what a turn sends is gathered up to this */
  CHANNEL_CHUNK = 128 * 1024,       /* one read */
  CHANNEL_MESSAGE = 64 * 1024 * 1024 /* longest line, unless the script says otherwise */
};

typedef enum ChannelFault { FAULT_NONE, FAULT_TOO_LONG, FAULT_DESCRIPTOR } ChannelFault;

typedef struct Channel {
  Handle base;
  uv_poll_t poll;
  int fd_in, fd_out; /* the same socket, or the two ends of a channel over stdio */
  uv_poll_t poll_out; /* only if they differ */
  int events, events_out;
  bool hold; /* keeps the process alive while the peer may still send */

  Buf in; /* the inbox: bytes as they came; a line is decoded when somebody takes it */
  Lines lines;
  size_t max_message;
  bool eof;
  bool skipping;      /* inside a line that is too long */
  ChannelFault fault; /* to be told to the next taker */
  WaitList readers;
  Bell *bell; /* also rung for every arrival; may be NULL */

  Buf out;
  uint64_t queued, sent;
  int write_error; /* libuv code: the peer takes nothing any more */
  bool ending;     /* disconnect was called: half-close once `out` is empty */
  bool half_closed;
  WaitList writers;
  Turn turn;
  Deadline patience; /* two peers that only send: a warning; after a disconnect: the end of waiting */
  bool warned;
} Channel;

extern const HandleType channel_type;

int wire_open(Channel *c, int fd_in, int fd_out); /* 0 or a libuv code */
void wire_update(Channel *c); /* watch what is wanted now */
void wire_send(Channel *c);   /* `out` has grown: send it now, or at the end of the turn */
void wire_flush(Channel *c);  /* as much of `out` as the kernel takes */
void wire_end(Channel *c);    /* no more sends; EOF for the peer when everything is out */
void wire_pull(Channel *c);   /* reads what the kernel holds, beyond the inbox's limit if need be */
bool wire_has_line(Channel *c);

#endif
