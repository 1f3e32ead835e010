internal import TokenWorker

Worker.run()
