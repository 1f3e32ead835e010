public import Foundation
internal import Identifiers
public import JSON
internal import OctetText
internal import PKIX

/// A filter for events: an event must match all criteria that are set.
public struct EventQuery: Sendable, Hashable {
    /// The outcome of a request.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case succeeded = "SUCCEEDED"
        /// By policies.
        case denied = "DENIED"
        /// For any other reason.
        case failed = "FAILED"
    }

    public var eventName: String?
    /// The requester, or the principal for which a step was done: an ARN or its end, such as `role/issuer`.
    public var principal: String?
    /// An ARN, anywhere in an event, alone or as the beginning of a certificate's.
    public var certificateAuthority: String?
    public var outcome: Outcome?
    /// Of a certificate, in hexadecimal, anywhere in an event.
    public var serialNumber: String?
    /// CKA_ID of the key that signed, in hexadecimal.
    public var keyIdentifier: String?
    /// The beginning of the time range; `end` is exclusive.
    public var start: Date?
    public var end: Date?

    /// All events.
    public init() {}

    /// Texts for a fast pre-selection: a matching event contains at least one text of each list. An event
    /// that contains them need not match.
    public var marks: [[String]] {
        var marks: [[String]] = []
        if let eventName { marks.append([#""eventName":"\#(eventName)""#]) }
        if let principal { marks.append([principal + #"""#]) }
        if let certificateAuthority { marks.append([certificateAuthority]) }
        if let serialNumber { marks.append([Self.digits(serialNumber), Self.pairs(serialNumber)]) }
        if let keyIdentifier {
            marks.append([#""keyIdentifier":"\#(Self.digits(keyIdentifier))""#])
        }
        switch outcome {
        case .succeeded: marks.append([#""eventType":"AwsApiCall""#])
        case .denied: marks.append([#""errorCode":"AccessDeniedException""#])
        case .failed: marks.append([#""errorCode":"#])
        case nil: break
        }
        return marks
    }

    /// - Parameter body: the bytes of an event; other bytes match only a query without criteria
    public func matches(_ body: some Sequence<UInt8>) -> Bool {
        if self == EventQuery() { return true }
        guard let event = try? JSONValue(parsing: body) else { return false }
        return matches(event)
    }

    public func matches(_ event: JSONValue) -> Bool {
        let name = event["eventName"]?.stringValue
        if let eventName, name != eventName { return false }
        guard isTimely(event), hasOutcome(event) else { return false }
        let details = event["serviceEventDetails"]
        if let principal {
            let arns = [event["userIdentity"]?["arn"], details?["requesterArn"]].compactMap {
                $0?.stringValue
            }
            guard arns.contains(where: { $0.equalsOctets(principal) || $0.hasOctetSuffix(":" + principal) })
            else {
                return false
            }
        }
        if let keyIdentifier,
            details?["keyIdentifier"]?.stringValue != Self.digits(keyIdentifier)
        {
            return false
        }
        guard certificateAuthority != nil || serialNumber != nil else { return true }
        // A search for an authority names it in its own event, but is not about it.
        guard name != "ListAuditEvents" || eventName == name else { return false }
        if let certificateAuthority, !event.hasString(where: { $0.containsOctets(certificateAuthority) }) {
            return false
        }
        if let serialNumber {
            let (digits, pairs) = (Self.digits(serialNumber), Self.pairs(serialNumber))
            return event.hasString { $0 == pairs || Self.names(digits, in: $0) }
        }
        return true
    }

    private func isTimely(_ event: JSONValue) -> Bool {
        guard start != nil || end != nil else { return true }
        // Times have equal length, so they can be compared as texts.
        let time = event["eventTime"]?.stringValue ?? ""
        if let start, time < AuditEvent.text(Self.whole(start)) { return false }
        if let end, time >= AuditEvent.text(Self.whole(end)) { return false }
        return true
    }

    /// Rounded up, because events have whole seconds.
    private static func whole(_ time: Date) -> Date {
        Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.up))
    }

    private func hasOutcome(_ event: JSONValue) -> Bool {
        let code = event["errorCode"]?.stringValue
        return switch outcome {
        case .succeeded: code == nil && event["eventType"] == "AwsApiCall"
        case .denied: code == "AccessDeniedException"
        case .failed: code != nil && code != "AccessDeniedException"
        case nil: true
        }
    }

    /// In the format of ARNs.
    private static func digits(_ number: String) -> String {
        String(decoding: number.asciiLowercased.utf8.filter(isHexDigit), as: UTF8.self)
    }

    private static func isHexDigit(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// In the format of CloudTrail.
    private static func pairs(_ number: String) -> String {
        hexadecimal(octets(hexadecimal: digits(number)) ?? [], separator: ":").uppercased()
    }

    /// Whether a text has the digits, and not as part of a longer number.
    private static func names(_ digits: String, in text: String) -> Bool {
        text.utf8.split { !isHexDigit($0) }.contains { $0.elementsEqual(digits.utf8) }
    }
}

extension JSONValue {
    /// Whether the value is such a string, or contains one.
    fileprivate func hasString(where predicate: (String) -> Bool) -> Bool {
        switch self {
        case .string(let text): predicate(text)
        case .array(let values): values.contains { $0.hasString(where: predicate) }
        case .object(let members): members.values.contains { $0.hasString(where: predicate) }
        case .null, .boolean, .integer, .number: false
        }
    }
}
