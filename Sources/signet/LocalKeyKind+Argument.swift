public import ArgumentParser
public import LocalCertificates

extension LocalKey.Kind: ExpressibleByArgument {}
