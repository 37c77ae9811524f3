// Attention sums, fused: no entry of the n x n matrix leaves the registers.
//
// A block holds THREADS * ROWS queries, ROWS in the registers of each thread, and walks
// over all keys, KEYS of them at a time in shared memory.  With scores and shifts in
// units of log 2,
//
//     mass[i] = sum_j 2^(<q_i, k_j> - shift_i)
//     mean[i] = sum_j 2^(<q_i, k_j> - shift_i) y_j / mass[i]
//
// One launch serves all runs and heads, one for each blockIdx.y.
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
#define ROWS 2
#endif
#ifndef KEYS
#define KEYS 128
#endif

#ifndef EXP2
static __device__ __forceinline__ float exp2_of(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
#define EXP2 exp2_of
#endif

// Adds x to *sum, with *lost what rounding left out so far.
static __device__ __forceinline__ void add(float* sum, float* lost, float x) {
  float y = x - *lost;
  float t = *sum + y;
  *lost = (t - *sum) - y;
  *sum = t;
}

extern "C" __global__ void attention(const float* __restrict__ q,
                                     const float* __restrict__ shift,
                                     const float* __restrict__ k,
                                     const float* __restrict__ y,
                                     float* __restrict__ mass,
                                     float* __restrict__ mean, int n, int m) {
  long long run = blockIdx.y;  // runs and heads lie one behind the other
  q += run * n * WIDTH;
  k += run * m * WIDTH;
  y += run * m * DEPTH;
  shift += run * n;
  mass += run * n;
  mean += run * n * DEPTH;

  __shared__ float keys[KEYS * WIDTH];
#if !OWN
  __shared__ float values[KEYS * DEPTH];
#else
  float* values = keys;
#endif
  float query[ROWS][WIDTH], top[ROWS];
  float sum[ROWS][1 + DEPTH], lost[ROWS][1 + DEPTH];
  int first = blockIdx.x * (THREADS * ROWS);

#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    int i = first + r * THREADS + threadIdx.x;
    bool real = i < n;
    top[r] = real ? shift[i] : 0.0f;
#pragma unroll
    for (int c = 0; c < WIDTH; ++c) query[r][c] = real ? q[i * WIDTH + c] : 0.0f;
#pragma unroll
    for (int c = 0; c <= DEPTH; ++c) sum[r][c] = lost[r][c] = 0.0f;
  }

  int end = m;
#if CAUSAL
  int seen = first + THREADS * ROWS;  // one more than the last query of the block
  if (seen < end) end = seen;
#endif

  for (int start = 0; start < end; start += KEYS) {
    int count = end - start < KEYS ? end - start : KEYS;
    __syncthreads();
    for (int s = threadIdx.x; s < count * WIDTH; s += THREADS)
      keys[s] = k[start * WIDTH + s];
#if !OWN
    for (int s = threadIdx.x; s < count * DEPTH; s += THREADS)
      values[s] = y[start * DEPTH + s];
#endif
    __syncthreads();

    float part[ROWS][1 + DEPTH];
#pragma unroll
    for (int r = 0; r < ROWS; ++r)
#pragma unroll
      for (int c = 0; c <= DEPTH; ++c) part[r][c] = 0.0f;

#pragma unroll 4
    for (int j = 0; j < count; ++j) {
#pragma unroll
      for (int r = 0; r < ROWS; ++r) {
        float score = -top[r];
#pragma unroll
        for (int c = 0; c < WIDTH; ++c) score += query[r][c] * keys[j * WIDTH + c];
        float w = EXP2(score);
#if CAUSAL
        int i = first + r * THREADS + threadIdx.x;
        if (start + j > i) w = 0.0f;
#endif
        part[r][0] += w;
#pragma unroll
        for (int c = 0; c < DEPTH; ++c) part[r][1 + c] += w * values[j * DEPTH + c];
      }
    }

#pragma unroll
    for (int r = 0; r < ROWS; ++r)
#pragma unroll
      for (int c = 0; c <= DEPTH; ++c) add(&sum[r][c], &lost[r][c], part[r][c]);
  }

#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    int i = first + r * THREADS + threadIdx.x;
    if (i >= n) continue;
    mass[i] = sum[r][0];
#pragma unroll
    for (int c = 0; c < DEPTH; ++c) mean[i * DEPTH + c] = sum[r][1 + c] / sum[r][0];
  }
}
