/// The phases of one connection, and their deadlines. A pure state machine: the caller gives the time, as the
/// time since any fixed moment.
///
/// A request passes through head, body, handling and writing. Its head and body are bounded whether or not an
/// answer was written before; handling and writing are bounded for the oldest request that is not answered.
struct ConnectionPhases: Sendable {
    enum Phase: String, Sendable {
        /// No request is in progress, or its head is incomplete.
        case head
        case body
        case handling
        case writing
    }

    /// The next action of the connection.
    enum Step: Sendable, Hashable {
        case goOn
        case close
    }

    private let limits: PhaseLimits
    /// Requests whose head was read and whose answer is not sent.
    private var outstanding = 0
    /// Whether the body of the newest request is not complete.
    private(set) var isReadingBody = false
    /// Whether the newest request is the last one of the connection.
    private(set) var isLastRead = false
    /// Whether the answer that is being written, or was written last, ends the connection.
    private var isClosing = false
    private var isStopping = false
    private var headDeadline: Duration?
    private var bodyDeadline: Duration?
    private var handlingDeadline: Duration?
    private var writingDeadline: Duration?
    private var octetsWritten = 0
    private var writingSince: Duration?

    init(limits: PhaseLimits, acceptedAt now: Duration) {
        self.limits = limits
        headDeadline = now + .seconds(limits.idleSeconds)
    }

    /// The phase whose deadline comes first, and that deadline. Nil only when the connection is at its end.
    var next: (phase: Phase, deadline: Duration)? {
        let all: [(Phase, Duration?)] = [
            (.head, headDeadline), (.body, bodyDeadline), (.handling, handlingDeadline),
            (.writing, writingDeadline),
        ]
        return all.compactMap { phase, deadline in deadline.map { (phase, $0) } }.min { $0.1 < $1.1 }
    }

    /// Whether every request that was read is answered.
    var isIdle: Bool { outstanding == 0 }

    /// - Parameter isLast: whether the connection ends with the answer to this request
    mutating func readHead(isLast: Bool = false, at now: Duration) -> Step {
        outstanding += 1
        isLastRead = isLast
        guard outstanding <= PhaseLimits.mostOutstanding else { return .close }
        headDeadline = nil
        isReadingBody = true
        bodyDeadline = now + .seconds(isStopping ? PhaseLimits.graceSeconds : limits.idleSeconds)
        return .goOn
    }

    mutating func readEnd(at now: Duration) -> Step {
        isReadingBody = false
        bodyDeadline = nil
        if outstanding > 0, writingSince == nil, handlingDeadline == nil {
            handlingDeadline = now + .seconds(limits.handlingSeconds)
        }
        return .goOn
    }

    /// Call it for the head of each answer.
    /// - Parameter isAsked: whether the answer itself asks for the end of the connection
    /// - Returns: whether the connection ends with this answer, which its head must say (RFC 9112, section
    ///   9.6)
    mutating func beginAnswer(closing isAsked: Bool) -> Bool {
        isClosing = isAsked || isStopping || (outstanding <= 1 && (isLastRead || isReadingBody))
        return isClosing
    }

    /// - Parameter octets: of the part that is written; 0 for a head
    mutating func write(_ octets: Int, at now: Duration) {
        handlingDeadline = nil
        let since = writingSince ?? now
        writingSince = since
        octetsWritten += octets
        let seconds = limits.idleSeconds + octetsWritten / PhaseLimits.octetsPerSecond
        writingDeadline = since + .seconds(isStopping ? min(seconds, PhaseLimits.graceSeconds) : seconds)
    }

    /// The last octet of an answer is with the kernel.
    mutating func sent(at now: Duration) -> Step {
        outstanding = max(0, outstanding - 1)
        writingSince = nil
        writingDeadline = nil
        octetsWritten = 0
        if isClosing || isStopping { return .close }
        // The rest of a refused body is not read.
        if outstanding == 0 && (isReadingBody || isLastRead) { return .close }
        if outstanding == 0 {
            headDeadline = now + .seconds(limits.idleSeconds)
        } else if !isReadingBody || outstanding > 1 {
            handlingDeadline = now + .seconds(limits.handlingSeconds)
        }
        return .goOn
    }

    /// The daemon stops: phases that depend on the client get a short deadline, and handling continues to its
    /// end.
    mutating func stop(at now: Duration) -> Step {
        isStopping = true
        if outstanding == 0 { return .close }
        let grace = now + .seconds(PhaseLimits.graceSeconds)
        bodyDeadline = bodyDeadline.map { min($0, grace) }
        writingDeadline = writingDeadline.map { min($0, grace) }
        return .goOn
    }
}
