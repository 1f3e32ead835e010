internal import Authorization
internal import Foundation
internal import HTTPConnections
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import Operations
internal import PeerCredentials

/// Serves one connection: reads its peer, counts it, and adds the deadlines to its pipeline.
struct PeerChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        enum Admission: Sendable {
            case served(HTTP1Channel.Value, ConnectionCensus.Account)
            case refused(ConnectionCensus.Refusal)
        }

        let channel: any Channel
        let peer: AcceptedPeer
        let admission: Admission
    }

    let limits: ConnectionLimits
    let census: ConnectionCensus
    let subordinates: SubordinateUsers
    let daemonUser: UInt32
    let service: any PeerService

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peer = AcceptedPeer(of: channel, subordinates: subordinates)
        let account = account(of: peer)
        do throws(ConnectionCensus.Refusal) { try census.enter(account) } catch {
            return channel.eventLoop.makeSucceededFuture(
                Value(channel: channel, peer: peer, admission: .refused(error)))
        }
        channel.closeFuture.whenComplete { [census] _ in census.leave(account) }
        // Parts of requests that wait to be read are kept in memory: some of them, each of one read at most.
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 16_384)
        return channel.setOption(ChannelOptions.recvAllocator, value: allocator).flatMapThrowing {
            try ConnectionPipeline.configure(
                channel, limits: limits.phases, logger: logger,
                refusal: { [service] in
                    MalformedAnswer(
                        fields: [
                            ("Content-Type", "application/x-amz-json-1.1"),
                            ("x-amzn-ErrorType", "MalformedHttpRequestException"),
                        ], body: service.refusal(ofMalformed: $0, from: peer))
                })
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            let connection = try HTTP1Channel.Value(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
            return Value(channel: channel, peer: peer, admission: .served(connection, account))
        }
    }

    func handle(value: Value, logger: Logger) async {
        switch value.admission {
        case .served(let connection, _):
            await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
                await http(value.peer).handle(value: connection, logger: logger)
            }
        case .refused(let refusal):
            logger.debug("a connection was refused", metadata: ["reason": "\(refusal.reason)"])
            await refuse(value.channel, refusal)
        }
    }

    private func account(of peer: AcceptedPeer) -> ConnectionCensus.Account {
        guard let uid = peer.uid else { return .unmapped }
        if uid == 0 || uid == daemonUser { return .privileged }
        let finding = peer.finding()
        return finding.fault == nil && service.isMapped(finding.caller) ? .user(uid) : .unmapped
    }

    private func http(_ peer: AcceptedPeer) -> HTTP1Channel {
        HTTP1Channel(responder: { [service] request, writer, channel in
            var request = request
            if request.headers[.expect] != nil {
                request.body = RequestBody(
                    asyncSequence: ExpectedBody(octets: request.body, channel: channel))
            }
            let response = await service.respond(to: request, from: peer)
            do { try await writer.write(response: response.head, body: response.body) } catch {
                throw ResponseNotWritten()
            }
        })
    }

    /// Sends one answer to the first request, whatever it is, and closes the connection after the kernel has
    /// the answer.
    private func refuse(_ channel: any Channel, _ refusal: ConnectionCensus.Refusal) async {
        let body = service.refusal(refusal.reason)
        let text = """
            HTTP/1.1 503 Service Unavailable\r
            Content-Type: application/x-amz-json-1.1\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        var buffer = channel.allocator.buffer(capacity: text.utf8.count + body.count)
        buffer.writeString(text)
        buffer.writeBytes(body)
        try? await channel.writeAndFlush(buffer)
        try? await channel.close()
    }
}

/// The other end is gone: the server only closes the connection.
private struct ResponseNotWritten: Error {}
