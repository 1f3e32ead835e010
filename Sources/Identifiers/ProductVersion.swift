/// The version of Signet's programs, as `--version`, DaemonStarted and the transcripts of ceremonies give it.
public let productVersion = "0.1.0"
