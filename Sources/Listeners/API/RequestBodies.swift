internal import Foundation
internal import HTTPConnections
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Operations
internal import Synchronization

/// Reads the bodies of requests, and limits their total memory.
///
/// A body of the API has some kilobytes; only chains of certificates have more. So only few large bodies are
/// allowed at once, and fewer for one user.
final class RequestBodies: Sendable {
    /// The size in octets from which a body counts as large.
    static let large = 65_536
    static let mostLarge = 8
    static let mostLargePerUser = 1

    private let largeBodies = Mutex<[UInt32: Int]>([:])

    init() {}

    /// Held while a large body is in memory.
    fileprivate final class Place: Sendable {
        let bodies: RequestBodies
        let user: UInt32

        init(_ bodies: RequestBodies, _ user: UInt32) {
            self.bodies = bodies
            self.user = user
        }

        deinit { bodies.leave(user) }
    }

    /// - Parameters:
    ///   - most: the maximum octets of the body
    ///   - cost: receives the octets read, even of a refused body. A large body that is refused because of
    ///     other large ones is charged like any refusal, because each is recorded and no quota applies.
    /// - Throws: ``APIError`` for a body that is too large, or large while others are, or that ended before
    ///   it was complete
    func collect(
        _ request: Request, of user: UInt32, atMost most: Int, _ cost: inout RequestCost
    ) async throws(APIError) -> APIBody {
        var place: Place?
        if let announced = request.headers[.contentLength] {
            // The decoder takes every decimal number below 2^64, and Int no number from 2^63 on.
            guard let length = Int(announced), length <= most else { throw Self.tooLarge(most) }
            if length > Self.large { place = try enter(user, &cost) }
        }
        var collected = Data()
        do {
            for try await chunk in request.body {
                let count = collected.count + chunk.readableBytes
                cost.octets = count
                guard count <= most else { throw Self.tooLarge(most) }
                if count > Self.large, place == nil { place = try enter(user, &cost) }
                collected.append(contentsOf: chunk.readableBytesView)
            }
        } catch let error as APIError {
            throw error
        } catch let error as MalformedRequest {
            throw .malformed(error.reason)
        } catch {
            // The client has gone, or its time for the body is over. The audit log records it; no answer is
            // read.
            throw APIError(
                "IncompleteBody", "the connection ended before the body of the request was complete",
                status: 400)
        }
        return APIBody(octets: collected, reserving: place)
    }

    private func enter(_ user: UInt32, _ cost: inout RequestCost) throws(APIError) -> Place {
        let hasRoom = largeBodies.withLock { bodies in
            guard bodies.values.reduce(0, +) < Self.mostLarge,
                bodies[user, default: 0] < Self.mostLargePerUser
            else { return false }
            bodies[user, default: 0] += 1
            return true
        }
        guard hasRoom else {
            cost.isDue = true
            throw APIError(
                "ThrottlingException",
                "too many requests of more than \(Self.large) octets at once; try again when one is answered")
        }
        return Place(self, user)
    }

    private func leave(_ user: UInt32) {
        largeBodies.withLock { bodies in
            let rest = bodies[user, default: 1] - 1
            bodies[user] = rest == 0 ? nil : rest
        }
    }

    private static func tooLarge(_ most: Int) -> APIError {
        APIError("RequestEntityTooLargeException", "the body is larger than \(most) octets", status: 413)
    }
}
