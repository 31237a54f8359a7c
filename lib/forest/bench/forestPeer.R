# ranger's side of lib/forest/bench/forest.ts: Rscript forestPeer.R FILE ROWS FEATURES TREES THREADS REPEATS prints the
# milliseconds of each forest. The file holds float64 numbers, one column after the other, the target last.
library(ranger)
given <- commandArgs(TRUE)
size <- as.integer(given[2:6])
data <- matrix(readBin(given[1], "double", size[1] * (size[2] + 1)), nrow = size[1])
x <- data[, seq_len(size[2])]
colnames(x) <- paste0("x", seq_len(size[2]))
grow <- function(rows, trees) {
  ranger(x = x[rows, ], y = data[rows, size[2] + 1], num.trees = trees, mtry = size[2], min.node.size = 1,
         num.threads = size[4], seed = 42, oob.error = FALSE)
}
invisible(grow(seq_len(min(1000, size[1])), 2))
for (i in seq_len(size[5])) cat(system.time(grow(seq_len(size[1]), size[3]))[["elapsed"]] * 1000, "\n")
