public import Authorization
internal import Glibc
public import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
internal import PeerCredentials
public import ServiceLifecycle

/// The receiver of a listener's requests.
public protocol PeerService: Sendable {
    /// Whether the peer currently is a principal. It only decides which connection limit applies.
    func isMapped(_ caller: Caller) -> Bool

    /// The answer to a request. The body may be read late, in part or not at all.
    func respond(to request: Request, from peer: AcceptedPeer) async -> Response

    /// The body of the answer to a connection that is not served.
    func refusal(_ reason: String) -> [UInt8]

    /// The body of the answer to a request that is not HTTP. One whose body turns out not to be is answered
    /// by `respond`: the body throws ``MalformedRequest``.
    func refusal(ofMalformed reason: String, from peer: AcceptedPeer) -> [UInt8]
}

/// Serves HTTP/1.1 on a Unix socket, with a deadline for each phase of a connection and a limit for each
/// user.
public struct UnixListener: Service {
    private let server: Server<PeerChannel>

    /// - Parameters:
    ///   - path: the path of the socket; an existing file is replaced, so the caller must check that no other
    ///     process serves on it
    ///   - onServing: called once connections are accepted
    public init(
        path: String, limits: ConnectionLimits, service: any PeerService, logger: Logger,
        onServing: @escaping @Sendable () async -> Void
    ) {
        server = Server(
            childChannelSetup: PeerChannel(
                limits: limits, census: ConnectionCensus(limits: limits), subordinates: SubordinateUsers(),
                daemonUser: geteuid(), service: service),
            configuration: ServerConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in await onServing() },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }

    /// Serves until a graceful shutdown. Requests being handled are answered; phases that depend on a client
    /// end within seconds.
    public func run() async throws { try await server.run() }
}
