// Runs shaders/attention.cu on the processor: the threads of a block are threads of the
// processor, which meet at every barrier.
#include <barrier>
#include <cmath>
#include <thread>
#include <vector>
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __restrict__
#define __syncthreads() together->arrive_and_wait()
#define EXP2 exp2f
struct Index { int x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
static thread_local Index blockIdx, threadIdx;
static Index gridDim;
// Made by `launch`: a static one is initialised at compile time, and then the first
// thread to arrive allocates its state without ordering that before what the others
// read (libstdc++ 16), which ThreadSanitizer rightly reports as a race.
static std::barrier<>* together;
#include "attention.cu"

template <class Kernel> static void launch(Index grid, Kernel kernel) {
  gridDim = grid;
  std::barrier<> barrier(THREADS);
  together = &barrier;
  std::vector<std::thread> block;
  for (int t = 0; t < THREADS; ++t)
    block.emplace_back([=] {
      threadIdx = {t, 0, 0};
      for (int z = 0; z < grid.z; ++z)
        for (int y = 0; y < grid.y; ++y)
          for (int x = 0; x < grid.x; ++x) {
            blockIdx = {x, y, z};
            kernel();
            together->arrive_and_wait();
          }
    });
  for (auto& thread : block) thread.join();
}

extern "C" void collect(int x, int y, int z, const float* q, const float* k,
                        const float* v, float* sums, int n, int m, int span,
                        float scale, float reach) {
  launch({x, y, z}, [=] { attention(q, k, v, sums, n, m, span, scale, reach); });
}
extern "C" void add_up(int x, int y, int z, const float* q, const float* sums,
                       float* top, float* mass, float* mean, int n, int parts,
                       float reach) {
  launch({x, y, z}, [=] { finish(q, sums, top, mass, mean, n, parts, reach); });
}

// A program of its own, for tools that watch memory and threads.
#ifdef COUNT
int main() {
  const int span = 2 * KEYS, parts = (COUNT + span - 1) / span;
  std::vector<float> x(COUNT * WIDTH), sums(parts * (1 + DEPTH) * COUNT);
  std::vector<float> top(COUNT), mass(COUNT), mean(COUNT * DEPTH);
  for (int s = 0; s < COUNT * WIDTH; ++s) x[s] = std::sin(s);
  const float *q = x.data(), *parted = sums.data();
  collect((COUNT + THREADS * ROWS - 1) / (THREADS * ROWS), 1, parts, q, q, q,
          sums.data(), COUNT, COUNT, span, 1.0f, 2.0f);
  add_up((COUNT + THREADS - 1) / THREADS, 1, 1, q, parted, top.data(), mass.data(),
         mean.data(), COUNT, parts, 2.0f);
  return mass[0] > 0 ? 0 : 1;
}
#endif
