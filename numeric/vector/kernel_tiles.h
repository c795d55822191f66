/* kernel_tiles.h - chunks of a vector to and from a tile, written once.

   Included several times with NAME, TARGET and
     vec            a vector of registers; chunks are multiples of it,
     STREAM(p, v)   a store that passes the caches, or an ordinary one.
   Streamed lines are written whole without being read first. */

static TARGET void NAME(gather)(void *tile, const void *from, size_t base,
                                const size_t *offsets, size_t count,
                                size_t bytes) {
  for (size_t k = 0; k < count; k++) {
    vec *to = (vec *)((char *)tile + k * bytes);
    const vec *in = (const vec *)((const char *)from + (base ^ offsets[k]));
    for (size_t i = 0; i < bytes / sizeof(vec); i++) to[i] = in[i];
  }
}

static TARGET void NAME(scatter)(void *out, const void *tile, size_t base,
                                 const size_t *offsets, size_t count,
                                 size_t bytes, bool past) {
  for (size_t k = 0; k < count; k++) {
    vec *to = (vec *)((char *)out + (base ^ offsets[k]));
    const vec *in = (const vec *)((const char *)tile + k * bytes);
    if (past)
      for (size_t i = 0; i < bytes / sizeof(vec); i++) STREAM(to + i, in[i]);
    else
      for (size_t i = 0; i < bytes / sizeof(vec); i++) to[i] = in[i];
  }
  if (past) __sync_synchronize();
}
