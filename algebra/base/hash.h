/* hash.h - numbers 0, 1, 2, ... found by the hash of what they number, and a hash of
   words and
   bytes. The one hash table: the owner keeps the things, the table their numbers,
       for (size_t probe = 0, k;
            (k = hash_table_next(table, hash, &probe)) != SIZE_MAX;)
         if (thing k is the one wanted) return k;
       hash_table_put(table, hash, new number);
   Open addressing, at most half full; of a hash its lower 32 bits count, which should
   depend on everything. Private to the project. Layer: base. */
#ifndef LIESCAPE_ALGEBRA_HASH_H
#define LIESCAPE_ALGEBRA_HASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  size_t length, num_slots; /* a power of two */
  uint64_t *slots;          /* hash << 32 | number + 1, 0 when empty */
} hash_table_struct;
typedef hash_table_struct hash_table_t[1];

void hash_table_init(hash_table_t table);
void hash_table_clear(hash_table_t table);

/* The numbers of that hash, one after the other, then SIZE_MAX; *probe is 0 at
   first. */
static inline size_t hash_table_next(const hash_table_struct *table,
                                     uint64_t hash, size_t *probe) {
  size_t mask = table->num_slots - 1;
  for (uint64_t entry;
       (entry = table->slots[((uint32_t)hash + *probe) & mask]) != 0;) {
    ++*probe;
    if (entry >> 32 == (uint32_t)hash) return (uint32_t)entry - 1;
  }
  return SIZE_MAX;
}

/* Soon to be asked for: in large tables a question waits for the memory, several at once
   wait together. */
static inline void hash_table_expect(const hash_table_struct *table, uint64_t hash) {
  __builtin_prefetch(table->slots + ((uint32_t)hash & (table->num_slots - 1)));
}

/* number <= 2^32 - 2, not there before. */
void hash_table_put(hash_table_t table, uint64_t hash, size_t number);

/* Of a few words. */
static inline uint64_t hash_words(const uint64_t *words, size_t length) {
  uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
  for (size_t i = 0; i < length; i++) {
    h = (h ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 32;
  }
  return h;
}

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) of more bytes; begins with HASH_START. */
#define HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

#endif
