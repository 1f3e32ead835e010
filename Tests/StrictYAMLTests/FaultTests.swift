import Foundation
import StrictYAML
import TestSupport
import Testing
import VisibleText

struct FaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let yaml: String
        let faults: [String]
    }

    private static let known = "known are name, count, on, list, inner"

    static let cases = [
        Case(
            testDescription: "an unknown key", yaml: "name: a\nnmae: b\n",
            faults: ["f.yaml:2: unknown key `nmae`; \(known)"]),
        Case(
            testDescription: "an unknown nested key", yaml: "name: a\ninner:\n  mode: x\n  owner: y\n",
            faults: ["f.yaml:4: unknown key `inner.owner`; known are mode"]),
        Case(
            testDescription: "a key in another case", yaml: "name: a\nName: b\n",
            faults: ["f.yaml:2: unknown key `Name`; \(known)"]),
        Case(
            testDescription: "a key that is a list", yaml: "name: a\n? [b]\n: c\n",
            faults: ["f.yaml:2: unknown key `?`; \(known)"]),
        Case(
            testDescription: "a repeated key", yaml: "name: a\ncount: 2\nname: b\n",
            faults: ["f.yaml:1: not valid YAML: the key `name` is there twice"]),
        Case(
            testDescription: "a repeated key, once in quotes", yaml: "count: 2\nname: a\n\"name\": b\n",
            faults: ["f.yaml:2: not valid YAML: the key `name` is there twice"]),
        Case(
            testDescription: "a repeated key, once with a tag", yaml: "name: a\n!other name: b\n",
            faults: ["f.yaml:2: the key `name` is there twice"]),
        Case(testDescription: "a missing key", yaml: "count: 2\n", faults: ["f.yaml:1: `name` is missing"]),
        Case(
            testDescription: "a list for a text", yaml: "name: [a]\n",
            faults: ["f.yaml:1: `name` must be a single value"]),
        Case(
            testDescription: "a mapping for a text", yaml: "name:\n  a: b\n",
            faults: ["f.yaml:2: `name` must be a single value"]),
        Case(
            testDescription: "a text for a list", yaml: "name: a\nlist: b\n",
            faults: ["f.yaml:2: `list` must be a list with at least one entry"]),
        Case(
            testDescription: "an empty list", yaml: "name: a\nlist: []\n",
            faults: ["f.yaml:2: `list` must be a list with at least one entry"]),
        Case(
            testDescription: "a list for a mapping", yaml: "name: a\ninner: [mode]\n",
            faults: ["f.yaml:2: `inner` must be a mapping of keys to values"]),
        Case(
            testDescription: "a list at the top", yaml: "- name: a\n",
            faults: [
                "f.yaml:1: the file must be a mapping of keys to values", "f.yaml:1: `name` is missing",
            ]),
        Case(
            testDescription: "several faults together",
            yaml: "nmae: a\ncount: 11\non: yes\nlist: {}\ninner:\n  mode: []\n  x: 1\n",
            faults: [
                "f.yaml:1: unknown key `nmae`; \(known)", "f.yaml:1: `name` is missing",
                "f.yaml:2: `count` must be a number from 1 to 10", "f.yaml:3: `on` must be `true` or `false`",
                "f.yaml:4: `list` must be a list with at least one entry",
                "f.yaml:7: unknown key `inner.x`; known are mode",
                "f.yaml:6: `inner.mode` must be a single value",
            ]),
    ]

    @Test(arguments: cases)
    func `every fault is reported, with its file and line`(_ value: Case) {
        #expect(Reading.faults(value.yaml.utf8) == value.faults)
    }

    @Test func `an unreadable file is a single fault, named as the caller named it`() throws {
        let place = try TemporaryDirectory()
        let path = place.path("") + "/./nothing.yaml"
        let error = #expect(throws: StrictYAMLError.self) { try StrictFile.read(path) { _, _, _ in 1 } }
        #expect(error?.description == "\(path): the file does not exist")
        // A directory is not a file.
        #expect(throws: StrictYAMLError.self) { try StrictFile.read(place.path) { _, _, _ in 1 } }
    }

    @Test func `a file is read with its directory`() throws {
        let place = try TemporaryDirectory()
        try place.write("f.yaml", "a: b")
        let directory = try StrictFile.read(place.path("f.yaml")) { _, directory, _ in directory.path }
        #expect(directory == place.path)
    }

    @Test func `control characters of a file are escaped in its faults`() {
        let error = #expect(throws: StrictYAMLError.self) {
            try Reading("name: a\n\"x\\e[2J\\nforged: all is well\": b\n".utf8)
        }
        #expect(error?.faults.map(\.line) == [2])
        let shown = "\(error?.text ?? "")"
        #expect(!shown.utf8.contains(0x1B) && !shown.contains("\n") && shown.contains("unknown key"))
    }
}
