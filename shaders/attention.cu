// Attention sums, fused: no entry of the n x n matrix leaves the registers.
//
// A block holds THREADS * ROWS queries, ROWS in the registers of each thread, and walks
// over one part of the keys, KEYS of them at a time in shared memory.  With scores
// s_ij = c <q_i, k_j>, no larger than top_i = |c| max |k| |q_i|, and the keys j of its
// part,
//
//     sums[0][i] = sum_j e^(s_ij - top_i)
//     sums[1 + c][i] = sum_j e^(s_ij - top_i) y_j[c]
//
// as powers of 2: scale is c in units of log 2, reach |c| max |k|.  A second launch
// adds the parts up, always in their order, and divides.  Both serve all runs and
// heads, one for each blockIdx.y; blockIdx.z is the part.
//
// Set at compile time: WIDTH and DEPTH, the dimensions of keys and values; OWN, whether
// values are the keys; CAUSAL, whether query i sees keys j <= i only.  Sums of a tile
// are short; their sums are compensated (Kahan), so that errors do not grow with m.

#ifndef WIDTH
#define WIDTH 3
#define DEPTH 3
#define OWN 1
#define CAUSAL 0
#endif
#ifndef THREADS
#define THREADS 128
#endif
#ifndef ROWS
#define ROWS 4
#endif
#ifndef KEYS
#define KEYS 128
#endif
#define LOG2E 1.44269504f
#define GROUP 4  // keys that are read at once: as many loads of four numbers as WIDTH

#ifndef EXP2
static __device__ __forceinline__ float exp2_of(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
#define EXP2 exp2_of
#endif

// What a thread knows of its queries, where their scores start, and the sums of a tile.
struct Rows {
  float query[ROWS][WIDTH], base[ROWS], part[ROWS][1 + DEPTH];
};

// Returns top_i for the query q, with reach = |c| max |k|.
static __device__ __forceinline__ float top_of(const float* q, float reach) {
  float square = 0.0f;
#pragma unroll
  for (int c = 0; c < WIDTH; ++c) square = fmaf(q[c], q[c], square);
  return reach * sqrtf(square);
}

// Adds x to *sum, with *lost what rounding left out so far.
static __device__ __forceinline__ void add(float* sum, float* lost, float x) {
  float y = x - *lost;
  float t = *sum + y;
  *lost = (t - *sum) - y;
  *sum = t;
}

// Weighs a key and its value by all queries of a thread; ahead is j - i in row 0.
template <bool MASKED>
static __device__ __forceinline__ void weigh(Rows& own, const float* key,
                                             const float* value, int ahead) {
#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    float score = own.base[r];
#pragma unroll
    for (int c = 0; c < WIDTH; ++c) score += own.query[r][c] * key[c];
    float w = EXP2(score);
    if (MASKED && ahead > r * THREADS) w = 0.0f;
    own.part[r][0] += w;
#pragma unroll
    for (int c = 0; c < DEPTH; ++c) own.part[r][1 + c] += w * value[c];
  }
}

// Reads GROUP rows of shared memory, four numbers at a time.
template <int LONG>
static __device__ __forceinline__ void read(float* to, const float4* from) {
#pragma unroll
  for (int c = 0; c < LONG; ++c) {
    float4 four = from[c];
    to[4 * c] = four.x;
    to[4 * c + 1] = four.y;
    to[4 * c + 2] = four.z;
    to[4 * c + 3] = four.w;
  }
}

// Weighs the keys of a tile; MASKED where some come after some of the queries.
template <bool MASKED>
static __device__ __forceinline__ void tile(Rows& own, const float4* keys,
                                            const float4* values, int count,
                                            int ahead) {
  int j = 0;
#pragma unroll 2
  for (; j + GROUP <= count; j += GROUP) {
    float key[GROUP * WIDTH];
    read<WIDTH>(key, keys + j / GROUP * WIDTH);
#if OWN
    float* value = key;
#else
    float value[GROUP * DEPTH];
    read<DEPTH>(value, values + j / GROUP * DEPTH);
#endif
#pragma unroll
    for (int g = 0; g < GROUP; ++g)
      weigh<MASKED>(own, key + g * WIDTH, value + g * DEPTH, ahead + j + g);
  }
#pragma unroll 1
  for (; j < count; ++j)
    weigh<MASKED>(own, (const float*)keys + j * WIDTH, (const float*)values + j * DEPTH,
                  ahead + j);
}

extern "C" __global__ void attention(const float* __restrict__ q,
                                     const float* __restrict__ k,
                                     const float* __restrict__ y,
                                     float* __restrict__ sums, int n, int m, int span,
                                     float scale, float reach) {
  long long run = blockIdx.y;  // runs and heads lie one behind the other
  q += run * n * WIDTH;
  k += run * m * WIDTH;
  y += run * m * DEPTH;
  sums += (run * gridDim.z + blockIdx.z) * n * (1 + DEPTH);

  __shared__ float4 keys[KEYS * WIDTH / 4];
#if OWN
  float4* values = keys;
#else
  __shared__ float4 values[KEYS * DEPTH / 4];
#endif
  Rows own;
  float sum[ROWS][1 + DEPTH], lost[ROWS][1 + DEPTH];
  int first = blockIdx.x * (THREADS * ROWS), mine = first + threadIdx.x;

#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    int i = mine + r * THREADS;
    bool real = i < n;
    own.base[r] = real ? -LOG2E * top_of(q + i * WIDTH, reach) : 0.0f;
#pragma unroll
    for (int c = 0; c < WIDTH; ++c)
      own.query[r][c] = real ? scale * q[i * WIDTH + c] : 0.0f;
#pragma unroll
    for (int c = 0; c <= DEPTH; ++c) sum[r][c] = lost[r][c] = 0.0f;
  }

  int begin = blockIdx.z * span;
  int end = m - begin < span ? m : begin + span;
#if CAUSAL
  int seen = first + THREADS * ROWS;  // one more than the last query of the block
  if (seen < end) end = seen;
#endif

  for (int start = begin; start < end; start += KEYS) {
    int count = end - start < KEYS ? end - start : KEYS;
    __syncthreads();
    for (int s = threadIdx.x; s < count * WIDTH; s += THREADS)
      ((float*)keys)[s] = k[start * WIDTH + s];
#if !OWN
    for (int s = threadIdx.x; s < count * DEPTH; s += THREADS)
      ((float*)values)[s] = y[start * DEPTH + s];
#endif
    __syncthreads();

#pragma unroll
    for (int r = 0; r < ROWS; ++r)
#pragma unroll
      for (int c = 0; c <= DEPTH; ++c) own.part[r][c] = 0.0f;
    if (CAUSAL && start + count > first + 1)  // some query is before some key
      tile<true>(own, keys, values, count, start - mine);
    else
      tile<false>(own, keys, values, count, start - mine);

#pragma unroll
    for (int r = 0; r < ROWS; ++r)
#pragma unroll
      for (int c = 0; c <= DEPTH; ++c) add(&sum[r][c], &lost[r][c], own.part[r][c]);
  }

#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    int i = mine + r * THREADS;
    if (i >= n) continue;
#pragma unroll
    for (int c = 0; c <= DEPTH; ++c) sums[(long long)c * n + i] = sum[r][c];
  }
}

extern "C" __global__ void finish(const float* __restrict__ q,
                                  const float* __restrict__ sums,
                                  float* __restrict__ top, float* __restrict__ mass,
                                  float* __restrict__ mean, int n, int parts,
                                  float reach) {
  long long run = blockIdx.y;
  int i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= n) return;
  q += run * n * WIDTH;
  sums += run * parts * n * (1 + DEPTH) + i;
  top += run * n;
  mass += run * n;
  mean += run * n * DEPTH;

  float sum[1 + DEPTH], lost[1 + DEPTH];
#pragma unroll
  for (int c = 0; c <= DEPTH; ++c) sum[c] = lost[c] = 0.0f;
  for (int z = 0; z < parts; ++z)
#pragma unroll
    for (int c = 0; c <= DEPTH; ++c, sums += n) add(&sum[c], &lost[c], *sums);

  top[i] = top_of(q + i * WIDTH, reach);
  mass[i] = sum[0];
#pragma unroll
  for (int c = 0; c < DEPTH; ++c) mean[i * DEPTH + c] = sum[1 + c] / sum[0];
}
