internal import HTTPConnections
public import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOHTTP1
internal import NIOPosix
public import ServiceLifecycle

/// Serves relying parties over HTTP/1.1: CRLs, certificates of authorities, and OCSP responses.
public struct DistributionServer: Service {
    /// Where it listens.
    public enum Address: Sendable {
        /// - Parameter port: 0 for any free one
        case host(String, port: Int)
        /// A listening socket that the process was started with.
        case descriptor(Int32)
    }

    private let address: Address
    private let distributor: Distributor
    private let limits: DistributionLimits
    private let logger: Logger
    private let onServing: @Sendable (_ address: String) -> Void

    /// Between looks at the published directory.
    private static let pause = Duration.milliseconds(250)

    /// - Parameters:
    ///   - directory: the published directory of the daemon
    ///   - onServing: called once connections are accepted
    public init(
        _ address: Address, directory: String, source: any StatusSource, limits: DistributionLimits,
        logger: Logger, onServing: @escaping @Sendable (_ address: String) -> Void
    ) {
        self.address = address
        distributor = Distributor(directory: directory, source: source, limits: limits, logger: logger)
        self.limits = limits
        self.logger = logger
        self.onServing = onServing
    }

    /// Serves until a graceful shutdown.
    public func run() async throws {
        distributor.watch.look()
        let group = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: group)
        let channel = try await listen(on: group, quiescing)
        onServing(Self.text(channel.localAddress))
        let watching = Task { [watch = distributor.watch] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pause)
                watch.look()
            }
        }
        defer { watching.cancel() }
        await withGracefulShutdownHandler {
            try? await channel.closeFuture.get()
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
    }

    private static func text(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress, let port = address.port else { return "a socket" }
        return address.protocol == .inet6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private func listen(
        on group: MultiThreadedEventLoopGroup, _ quiescing: ServerQuiescingHelper
    ) async throws -> any Channel {
        let census = SourceCensus(limits: limits)
        let date = DateHeader()
        let (distributor, logger) = (distributor, logger)
        let phases = PhaseLimits(idleSeconds: limits.idleSeconds, handlingSeconds: 30)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                let address = SourceAddress(channel.remoteAddress)
                guard census.enter(address) else {
                    logger.debug("a connection was refused")
                    return channel.close()
                }
                channel.closeFuture.whenComplete { _ in census.leave(address) }
                return channel.eventLoop.makeCompletedFuture {
                    try ConnectionPipeline.configure(
                        channel, limits: phases, logger: logger,
                        refusal: {
                            MalformedAnswer(
                                fields: [("Content-Type", "text/plain; charset=utf-8")],
                                body: Array("\($0)\n".utf8))
                        })
                    try channel.pipeline.syncOperations.addHandlers([
                        HTTPServerPipelineHandler(),
                        DistributionHandler(distributor, from: address, date: date),
                    ])
                }
            }
        switch address {
        case .host(let host, let port): return try await bootstrap.bind(host: host, port: port).get()
        case .descriptor(let descriptor): return try await bootstrap.withBoundSocket(descriptor).get()
        }
    }
}
