# src/jobs: sources and tests of this folder
